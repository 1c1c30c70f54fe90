// JsonReader's strings.
#include <simdjson.h>

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/json/json_plain.h"
#include "server/json/json_reader.h"

namespace lamina::server {
namespace {

void AppendUtf8(unsigned code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

bool JsonReader::ReadString(std::string_view& value) {
  if (Peek() != JsonKind::kString) return FailExpected("a string");
  return ReadQuoted(value);
}

bool JsonReader::ReadQuoted(std::string_view& value) {
  const size_t begin = position_ + 1;
  unsigned char all = 0;
  for (size_t i = begin + PlainLength(text_.substr(begin)); i < text_.size(); ++i) {
    const auto c = static_cast<unsigned char>(text_[i]);
    if (c == '"') {
      value = text_.substr(begin, i - begin);
      position_ = i + 1;
      return all < 0x80 || CheckText(value, begin);
    }
    if (c == '\\') return Unescape(begin, value);
    if (c < 0x20) return Fail("a control character in a string, which JSON writes as an escape", i);
    all |= c;
  }
  return Fail("a string is not closed, it begins", begin - 1);
}

/// With escapes: into memory of our own.
bool JsonReader::Unescape(size_t begin, std::string_view& value) {
  std::string& text = unescaped_.emplace_front();
  position_ = begin;
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == '"') {
      ++position_;
      value = text;
      return TakeMemory(sizeof(text) + text.capacity()) && CheckText(value, begin);
    }
    if (static_cast<unsigned char>(c) < 0x20)
      return Fail("a control character in a string, which JSON writes as an escape");
    ++position_;
    if (c != '\\') {
      text += c;
    } else if (!ReadEscape(text)) {
      return false;
    }
  }
  return Fail("a string is not closed, it begins", begin - 1);
}

bool JsonReader::ReadEscape(std::string& text) {
  constexpr char kLetters[] = "\"\\/bfnrt";
  constexpr char kMeant[] = "\"\\/\b\f\n\r\t";
  const size_t begin = position_ - 1;
  const char letter = position_ < text_.size() ? text_[position_++] : '\0';
  if (letter == 'u') {
    unsigned code = 0;
    if (!ReadHex4(code) || !ReadSurrogates(code)) return false;
    AppendUtf8(code, text);
    return true;
  }
  const char* found = letter == '\0' ? nullptr : std::strchr(kLetters, letter);
  if (found == nullptr) return Fail("an escape in a string that JSON does not have", begin);
  text += kMeant[found - kLetters];
  return true;
}

bool JsonReader::ReadHex4(unsigned& value) {
  value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = position_ < text_.size() ? text_[position_] : '\0';
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return Fail("\\u in a string needs four hexadecimal digits");
    }
    value = value * 16 + digit;
    ++position_;
  }
  return true;
}

/// What lies above U+FFFF comes as two escapes; either alone stands for nothing.
bool JsonReader::ReadSurrogates(unsigned& code) {
  if (code < 0xD800 || code > 0xDFFF) return true;
  const size_t begin = position_ - 6;
  unsigned low = 0;
  if (code < 0xDC00 && text_.substr(position_, 2) == "\\u") {
    position_ += 2;
    if (!ReadHex4(low)) return false;
  }
  if (low < 0xDC00 || low > 0xDFFF) return Fail("half of a surrogate pair in a string", begin);
  code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  return true;
}

bool JsonReader::CheckText(std::string_view value, size_t begin) {
  return simdjson::validate_utf8(value.data(), value.size()) || Fail("a string is not UTF-8, it begins", begin - 1);
}

}  // namespace lamina::server
