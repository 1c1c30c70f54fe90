#include "server/json/json_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// Both from 1 on; a column is a character, not a byte of it in UTF-8.
std::string LineAndColumn(std::string_view text, size_t position) {
  const std::string_view before = text.substr(0, position);
  const std::string_view in_line = before.substr(before.rfind('\n') + 1);
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return absl::StrCat("line ", 1 + std::count(before.begin(), before.end(), '\n'), ", column ",
                      1 + std::count_if(in_line.begin(), in_line.end(), begins_character));
}

bool IsNotFinite(std::string_view got) {
  return got == "NaN" || got.starts_with("Inf") || got.starts_with("-Inf") || got == "-NaN";
}

/// About what other languages have and JSON has not. REQUIRES: `got` is not empty.
const char* Remark(std::string_view got, std::string_view before) {
  if (IsNotFinite(got)) return ", which JSON does not have";
  if (got.starts_with("//") || got.starts_with("/*") || got.starts_with("#")) return ", and JSON has no comments";
  while (!before.empty() && IsSpace(before.back())) before.remove_suffix(1);
  const bool closes = got.front() == ']' || got.front() == '}';
  return closes && before.ends_with(',') ? " behind a comma, which is one too many" : "";
}

}  // namespace

bool JsonReader::Fail(std::string_view what, size_t position) {
  if (!status_.ok()) return false;
  const std::string place =
      places_ == JsonPlaces::kLines ? LineAndColumn(text_, position) : absl::StrCat("byte ", position);
  status_ = absl::InvalidArgumentError(absl::StrCat(std::string(what), ", at ", place));
  return false;
}

bool JsonReader::TakeMemory(size_t bytes) {
  if (absl::Status taken = memory_.Take(bytes); !taken.ok() && status_.ok()) status_ = std::move(taken);
  return status_.ok();
}

bool JsonReader::FailIn(std::string_view where) {
  status_ = absl::Status(status_.code(), absl::StrCat(std::string(where), ": ", status_.message()));
  return false;
}

bool JsonReader::FailExpected(std::string_view expected) {
  SkipSpace();
  constexpr size_t kShown = 16;
  std::string got;
  for (const char c : text_.substr(position_, kShown)) {
    if (!got.empty() && (IsSpace(c) || c == ',' || c == ']' || c == '}')) break;
    got += c >= ' ' && c <= '~' ? c : '?';
  }
  if (position_ >= text_.size()) got = "the end of the text";
  const bool is_first = ok();
  Fail(absl::StrCat("expected ", std::string(expected), ", got ", got, Remark(got, text_.substr(0, position_))));
  if (is_first && IsNotFinite(got)) SayBinary();
  return false;
}

void JsonReader::SayBinary() {
  if (places_ == JsonPlaces::kLines) return;  // a file's
  status_ = absl::Status(
      status_.code(), absl::StrCat(status_.message(), "; send tensors with NaN or infinities in binary, or over gRPC"));
}

void JsonReader::SkipSpace() {
  while (position_ < text_.size() && IsSpace(text_[position_])) ++position_;
}

JsonKind JsonReader::Peek() {
  SkipSpace();
  if (!ok() || position_ >= text_.size()) return JsonKind::kNone;
  switch (text_[position_]) {
    case '{':
      return JsonKind::kObject;
    case '[':
      return JsonKind::kArray;
    case '"':
      return JsonKind::kString;
    case 't':
    case 'f':
      return JsonKind::kBool;
    case 'n':
      return JsonKind::kNull;
    default:
      return text_[position_] == '-' || (text_[position_] >= '0' && text_[position_] <= '9') ? JsonKind::kNumber
                                                                                             : JsonKind::kNone;
  }
}

bool JsonReader::BeginObject() { return Begin('{', "an object"); }
bool JsonReader::BeginArray() { return Begin('[', "an array"); }

bool JsonReader::Begin(char bracket, std::string_view expected) {
  SkipSpace();
  if (!ok()) return false;
  if (position_ >= text_.size() || text_[position_] != bracket) return FailExpected(expected);
  if (depth_ == kMaxDepth)
    return Fail(absl::StrCat("more than ", kMaxDepth, " arrays and objects are inside one another"));
  ++position_;
  ++depth_;
  first_ = true;
  return true;
}

bool JsonReader::NextElement() {
  bool end = false;
  return Next(']', end) && !end;
}

bool JsonReader::NextMember(std::string_view& key) {
  bool end = false;
  if (!Next('}', end) || end) return false;
  SkipSpace();
  if (position_ >= text_.size() || text_[position_] != '"') return FailExpected("a key in double quotes");
  if (!ReadQuoted(key)) return false;
  SkipSpace();
  if (position_ >= text_.size() || text_[position_] != ':') return FailExpected("':' behind a key");
  ++position_;
  return true;
}

bool JsonReader::Next(char bracket, bool& end) {
  SkipSpace();
  if (!ok()) return false;
  const char next = position_ < text_.size() ? text_[position_] : '\0';
  const bool first = std::exchange(first_, false);
  if (next == bracket) {
    ++position_;
    --depth_;
    end = true;
    return true;
  }
  if (first) return true;
  if (next != ',') return FailExpected(bracket == ']' ? "',' or ']'" : "',' or '}'");
  ++position_;
  return true;
}

bool JsonReader::ReadWord(std::string_view word) {
  if (text_.substr(position_, word.size()) != word) return FailExpected(word);
  position_ += word.size();
  return true;
}

bool JsonReader::ReadBool(bool& value) {
  if (Peek() != JsonKind::kBool) return FailExpected("true or false");
  value = text_[position_] == 't';
  return ReadWord(value ? "true" : "false");
}

bool JsonReader::Skip() {
  std::string_view text;
  switch (Peek()) {
    case JsonKind::kObject:
      for (BeginObject(); NextMember(text);) Skip();
      return ok();
    case JsonKind::kArray:
      for (BeginArray(); NextElement();) Skip();
      return ok();
    case JsonKind::kString:
      return ReadString(text);
    case JsonKind::kNumber:
      return SkipNumber();
    case JsonKind::kBool:
      return ReadWord(text_[position_] == 't' ? "true" : "false");
    case JsonKind::kNull:
      return ReadWord("null");
    case JsonKind::kNone:
      return FailExpected("a value");
  }
  return false;
}

bool JsonReader::Finish() {
  SkipSpace();
  if (!ok()) return false;
  if (position_ < text_.size()) return FailExpected("nothing behind the end of the value");
  return true;
}

void JsonReader::Rewind(Mark mark) {
  position_ = mark.position;
  depth_ = mark.depth;
  first_ = mark.first;
}

}  // namespace lamina::server
