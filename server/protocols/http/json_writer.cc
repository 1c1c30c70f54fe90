#include "server/protocols/http/json_writer.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "server/json/json_plain.h"

namespace lamina::server {
namespace {

// What a number takes at most: -1.7976931348623157e+308 and 18446744073709551615, with ".0" or a comma.
constexpr size_t kNumberBytes = 28;

char* Write(std::string_view text, char* to) { return std::copy(text.begin(), text.end(), to); }

template <typename T>
char* WriteNumber(T value, char* to) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(value)) return Write("NaN", to);
    if (std::isinf(value)) return Write(value < 0 ? "-Infinity" : "Infinity", to);
    char* end = std::to_chars(to, to + kNumberBytes, value).ptr;
    // "3" is an integer to many readers.
    const bool plain = std::all_of(to, end, [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
    return plain ? Write(".0", end) : end;
  } else {
    return std::to_chars(to, to + kNumberBytes, value).ptr;
  }
}

/// Each byte of what is not ASCII for itself, as which of them belong together cannot be told.
std::string Replaced(std::string_view text) {
  std::string replaced;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80) {
      replaced += c;
    } else {
      replaced += "\xEF\xBF\xBD";
    }
  }
  return replaced;
}

}  // namespace

void JsonWriter::Grow(size_t more) {
  Bytes larger(std::max({size_ + more, memory_.size() * 2, size_t{256}}));
  if (size_ > 0) std::memcpy(larger.data(), memory_.data(), size_);
  memory_ = std::move(larger);
}

void JsonWriter::Put(char c) {
  Reserve(1);
  memory_.data()[size_++] = static_cast<std::byte>(c);
}

void JsonWriter::Append(std::string_view text) {
  if (text.empty()) return;
  Reserve(text.size());
  std::memcpy(memory_.data() + size_, text.data(), text.size());
  size_ += text.size();
}

void JsonWriter::BeginValue() {
  if (comma_) Put(',');
  comma_ = true;
}

JsonWriter& JsonWriter::Open(char bracket) {
  BeginValue();
  Put(bracket);
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  Put(bracket);
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  String(key);
  Put(':');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::PlainKey(std::string_view key) {
  PutPlain(key);
  Put(':');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  if (PlainLength(text) == text.size()) {
    PutPlain(text);
  } else if (BeginValue(); simdjson::validate_utf8(text.data(), text.size())) {
    PutQuoted(text);
  } else {
    PutQuoted(Replaced(text));
  }
  return *this;
}

void JsonWriter::PutPlain(std::string_view text) {
  Reserve(text.size() + 3);
  char* const begin = reinterpret_cast<char*>(memory_.data()) + size_;
  char* to = begin;
  if (comma_) *to++ = ',';
  *to++ = '"';
  to = Write(text, to);
  *to++ = '"';
  size_ += static_cast<size_t>(to - begin);
  comma_ = true;
}

void JsonWriter::PutQuoted(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  Reserve(text.size() + 2);
  Put('"');
  size_t done = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    Append(text.substr(done, i - done));
    done = i + 1;
    if (c >= 0x20) {
      const char escape[] = {'\\', static_cast<char>(c)};
      Append({escape, 2});
    } else if (c == '\n') {
      Append("\\n");
    } else {
      const char escape[] = {'\\', 'u', '0', '0', kHex[c >> 4], kHex[c & 15]};
      Append({escape, 6});
    }
  }
  Append(text.substr(done));
  Put('"');
}

JsonWriter& JsonWriter::Bool(bool value) { return Raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::Raw(std::string_view json) {
  BeginValue();
  Append(json);
  return *this;
}

template <typename T>
JsonWriter& JsonWriter::Numbers(std::span<const T> values) {
  for (const T value : values) {
    Reserve(1 + kNumberBytes);
    char* const begin = reinterpret_cast<char*>(memory_.data()) + size_;
    char* end = begin;
    if (comma_) *end++ = ',';
    comma_ = true;
    end = WriteNumber(value, end);
    size_ += static_cast<size_t>(end - begin);
  }
  return *this;
}

Bytes JsonWriter::Take() {
  memory_.Truncate(size_);
  size_ = 0;
  comma_ = false;
  return std::exchange(memory_, Bytes());
}

template JsonWriter& JsonWriter::Numbers(std::span<const int8_t>);
template JsonWriter& JsonWriter::Numbers(std::span<const int16_t>);
template JsonWriter& JsonWriter::Numbers(std::span<const int32_t>);
template JsonWriter& JsonWriter::Numbers(std::span<const int64_t>);
template JsonWriter& JsonWriter::Numbers(std::span<const uint8_t>);
template JsonWriter& JsonWriter::Numbers(std::span<const uint16_t>);
template JsonWriter& JsonWriter::Numbers(std::span<const uint32_t>);
template JsonWriter& JsonWriter::Numbers(std::span<const uint64_t>);
template JsonWriter& JsonWriter::Numbers(std::span<const float>);
template JsonWriter& JsonWriter::Numbers(std::span<const double>);

}  // namespace lamina::server
