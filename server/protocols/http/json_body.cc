#include "server/protocols/http/json_body.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/protocols/most_parts.h"

namespace lamina::server {

absl::Status BodyError(std::string_view json, const absl::Status& found) {
  if (absl::IsResourceExhausted(found)) return found;  // nothing is wrong with it
  JsonReader reader(json);
  const bool valid = reader.Skip() && reader.Finish();
  return absl::InvalidArgumentError(valid ? absl::StrCat("Invalid inputs in request body: ", found.message())
                                          : absl::StrCat("Invalid JSON in request body: ", reader.status().message()));
}

bool UniqueMembers::Next(std::string_view& key) {
  const size_t begin = json_.position();
  if (!json_.NextMember(key)) return false;
  const auto few_end = few_.begin() + few_count_;
  const bool known = std::find(few_.begin(), few_end, key) != few_end;
  if (!known && few_count_ < few_.size()) {
    few_[few_count_++] = key;
    return true;
  }
  if (many_.size() == kMostParts)
    return json_.Fail(absl::StrCat("an object of more than ", kMostParts, " keys"), begin);
  if (!known && many_.insert(key).second) return true;
  return json_.Fail(absl::StrCat("the key '", std::string(key), "' is there twice; send it once"), begin);
}

}  // namespace lamina::server
