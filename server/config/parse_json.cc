#include "server/config/parse_json.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/json/json_reader.h"

namespace lamina::server {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsUtf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

/// As simdjson reads it: an integer has 64 bits, anything else is a finite double.
bool VisitNumber(std::string_view text, JsonReader& reader) {
  double real = 0;
  int64_t negative = 0;
  uint64_t natural = 0;
  const size_t digit = text.find_first_not_of("-0123456789", reader.position());
  if (digit != std::string_view::npos && (text[digit] == '.' || text[digit] == 'e' || text[digit] == 'E'))
    return reader.ReadNumber(real);
  return text[reader.position()] == '-' ? reader.ReadNumber(negative) : reader.ReadNumber(natural);
}

bool Visit(std::string_view text, JsonReader& reader) {
  std::string_view key;
  switch (reader.Peek()) {
    case JsonKind::kObject:
      for (reader.BeginObject(); reader.NextMember(key);) Visit(text, reader);
      return reader.ok();
    case JsonKind::kArray:
      for (reader.BeginArray(); reader.NextElement();) Visit(text, reader);
      return reader.ok();
    case JsonKind::kNumber:
      return VisitNumber(text, reader);
    default:
      return reader.Skip();
  }
}

/// simdjson says what kind of error a text has, not where: it is read once more.
absl::Status WhatIsWrong(std::string_view text, simdjson::error_code error) {
  JsonReader reader(text, JsonPlaces::kLines);
  if (!Visit(text, reader) || !reader.Finish()) return reader.status();
  return absl::InvalidArgumentError(simdjson::error_message(error));
}

}  // namespace

absl::StatusOr<simdjson::dom::element> ParseJson(std::string_view text, simdjson::dom::parser& parser) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  simdjson::dom::element root;
  const simdjson::error_code error = parser.parse(text.data(), text.size()).get(root);
  if (error == simdjson::SUCCESS) return root;
  const absl::Status wrong =
      IsUtf16(text) ? absl::InvalidArgumentError("it is UTF-16; save it as UTF-8") : WhatIsWrong(text, error);
  return absl::InvalidArgumentError(absl::StrCat("not valid JSON: ", wrong.message()));
}

}  // namespace lamina::server
