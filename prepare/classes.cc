#include "prepare/classes.h"

#include <cstdio>
#include <string_view>

namespace lamina::prepare {
namespace {

void AppendQuoted(std::string_view text, std::string& json) {
  json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      json += escaped;
    } else {
      json += c;
    }
  }
  json += '"';
}

}  // namespace

std::string KeysAsJson(const onnx::Attribute& keys) {
  std::string json = "[";
  for (const std::string& key : keys.strings()) {
    if (json.size() > 1) json += ',';
    AppendQuoted(key, json);
  }
  for (int i = 0; keys.strings().empty() && i < keys.ints_size(); ++i) {
    if (i > 0) json += ',';
    json += std::to_string(keys.ints(i));
  }
  return json + "]";
}

int KeyCount(const onnx::Attribute& keys) { return keys.strings_size() > 0 ? keys.strings_size() : keys.ints_size(); }

}  // namespace lamina::prepare
