#ifndef LAMINA_SERVER_CONFIG_JSON_FIELD_H_
#define LAMINA_SERVER_CONFIG_JSON_FIELD_H_

#include <simdjson.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::server {

/// A value in a JSON text, with the path that leads to it and the list that takes what is wrong with it. A view: the
/// text's parser and the list must outlive it. Reading never stops at a problem, so that all of them are found.
struct JsonField {
  simdjson::dom::element value;
  std::string path;  // `model_config_list[0].config.nireq`
  std::vector<std::string>* problems;

  /// Adds "path: reason" to the problems.
  void Refuse(std::string_view reason) const;

  /// The value as a string; any other kind is refused.
  std::optional<std::string> Text() const;

  /// The value as an integer, which may be written as a string; anything else, or outside of [min, max], is refused.
  std::optional<int64_t> Integer(int64_t min, int64_t max) const;

  /// Calls `read` with each member of an object; another kind of value, and a key that comes twice, are refused.
  void ForEachMember(const std::function<void(std::string_view key, const JsonField& member)>& read) const;

  /// Calls `read` with each element of an array; another kind of value is refused.
  void ForEachElement(const std::function<void(const JsonField& element)>& read) const;

  /// "a string", "an object", ... for messages.
  std::string_view Kind() const;
};

/// `text` as a JSON string, quotes included.
std::string JsonQuoted(std::string_view text);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_JSON_FIELD_H_
