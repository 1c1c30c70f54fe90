#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_JSON_BODY_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_JSON_BODY_H_

#include <array>
#include <cstddef>
#include <set>
#include <string_view>

#include "absl/status/status.h"
#include "server/json/json_reader.h"

namespace lamina::server {

/// What is wrong with a request's body, in words that clients have matched on since 2019: when it is no JSON at all
/// "Invalid JSON in request body: ...", else "Invalid inputs in request body: " and what the reader of the inputs
/// found.
absl::Status BodyError(std::string_view json, const absl::Status& found);

/// Goes through the members of an object of which each key may come once.
class UniqueMembers {
 public:
  explicit UniqueMembers(JsonReader& json) : json_(json) { json.BeginObject(); }

  /// Goes to the next member's value; false when there is none left, and at an error.
  bool Next(std::string_view& key);

 private:
  JsonReader& json_;
  std::array<std::string_view, 16> few_;  // the first keys, seldom more: looked through
  size_t few_count_ = 0;
  std::set<std::string_view> many_;  // the others, so that a million of them is no attack
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_JSON_BODY_H_
