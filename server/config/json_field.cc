#include "server/config/json_field.h"

#include <charconv>
#include <set>

namespace lamina::server {

void JsonField::Refuse(std::string_view reason) const {
  problems->push_back(path.empty() ? std::string(reason) : path + ": " + std::string(reason));
}

std::optional<std::string> JsonField::Text() const {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  Refuse("expected a string, got " + std::string(Kind()));
  return std::nullopt;
}

std::optional<int64_t> JsonField::Integer(int64_t min, int64_t max) const {
  int64_t number = 0;
  bool read = value.get(number) == simdjson::SUCCESS;
  if (std::string_view text; !read && value.get(text) == simdjson::SUCCESS) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    read = error == std::errc() && end == text.data() + text.size();
  }
  if (read && number >= min && number <= max) return number;
  std::string expected = "expected an integer from " + std::to_string(min);
  if (max != INT64_MAX) expected += " to " + std::to_string(max);
  Refuse(expected + ", got " + simdjson::to_string(value));
  return std::nullopt;
}

void JsonField::ForEachMember(const std::function<void(std::string_view, const JsonField&)>& read) const {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) {
    Refuse("expected an object, got " + std::string(Kind()));
    return;
  }
  std::set<std::string_view> seen;
  for (const simdjson::dom::key_value_pair member : object) {
    const JsonField field{member.value, path.empty() ? std::string(member.key) : path + "." + std::string(member.key),
                          problems};
    if (seen.insert(member.key).second) {
      read(member.key, field);
    } else {
      field.Refuse("the key is there twice; remove one");
    }
  }
}

void JsonField::ForEachElement(const std::function<void(const JsonField&)>& read) const {
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) {
    Refuse("expected an array, got " + std::string(Kind()));
    return;
  }
  size_t index = 0;
  for (const simdjson::dom::element element : array) {
    read(JsonField{element, path + "[" + std::to_string(index++) + "]", problems});
  }
}

std::string_view JsonField::Kind() const {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

std::string JsonQuoted(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += "\\u00";
      quoted += kHex[c >> 4];
      quoted += kHex[c & 15];
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace lamina::server
