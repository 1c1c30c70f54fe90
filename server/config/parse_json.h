#ifndef LAMINA_SERVER_CONFIG_PARSE_JSON_H_
#define LAMINA_SERVER_CONFIG_PARSE_JSON_H_

#include <simdjson.h>

#include <string_view>

#include "absl/status/statusor.h"

namespace lamina::server {

/// Parses a JSON text that a person wrote; the byte order mark that some editors begin a file with is passed over. An
/// error says what was expected, what was got, and in which line and column. What is returned lives in `parser`.
absl::StatusOr<simdjson::dom::element> ParseJson(std::string_view text, simdjson::dom::parser& parser);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_PARSE_JSON_H_
