// JsonReader's numbers.
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "server/json/json_reader.h"

namespace lamina::server {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// A number of at most 15 digits and no exponent, as most are: digits and power of ten are exact in a double, so one
/// division rounds once. 0 when it is not one of those. REQUIRES: JSON's grammar up to the digit behind the point.
template <typename T>
size_t ReadShort(std::string_view text, T& value) {
  constexpr double kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  constexpr size_t kMaxDigits = 15;
  const bool negative = text[0] == '-';
  uint64_t digits = 0;
  size_t i = negative;
  for (; i < text.size() && IsDigit(text[i]); ++i) digits = digits * 10 + (text[i] - '0');
  size_t count = i - negative;
  size_t decimals = 0;
  if (i < text.size() && text[i] == '.') {
    const size_t point = i++;
    for (; i < text.size() && IsDigit(text[i]); ++i) digits = digits * 10 + (text[i] - '0');
    decimals = i - point - 1;
    count += decimals;
  }
  const char next = i < text.size() ? text[i] : '\0';
  if (count > kMaxDigits || next == 'e' || next == 'E' || next == '.') return 0;
  const double wide = static_cast<double>(digits) / kPowers[decimals];
  // In the middle of two floats the double may have been rounded to there, and rounding again would be once too often.
  if (sizeof(T) < sizeof(double) && (std::bit_cast<uint64_t>(wide) & 0x1FFFFFFF) == 0x10000000) return 0;
  value = static_cast<T>(negative ? -wide : wide);
  return i;
}

template <typename T>
std::string TypeText() {
  if constexpr (std::is_floating_point_v<T>) return absl::StrCat("a ", sizeof(T) * 8, "-bit float");
  return absl::StrCat(sizeof(T) == 1 ? "an " : "a ", sizeof(T) * 8, "-bit ",
                      std::is_signed_v<T> ? "signed" : "unsigned", " integer");
}

/// A number out of a type's range, as far as a message shows it.
std::string Shown(std::string_view number) {
  constexpr size_t kShown = 32;
  return number.size() <= kShown ? std::string(number) : absl::StrCat(std::string(number.substr(0, kShown)), "...");
}

}  // namespace

/// std::from_chars would take 01, .5 and 5., inf and nan; what it leaves unread of the rest is no ',' or bracket.
bool JsonReader::CheckIntegerPart() {
  size_t i = position_;
  const auto at = [this](size_t index) { return index < text_.size() ? text_[index] : '\0'; };
  if (at(i) == '-') ++i;
  if (!IsDigit(at(i))) return FailExpected("a number");
  if (at(i) == '0' && IsDigit(at(i + 1))) return FailExpected("a number without leading zeros");
  while (IsDigit(at(i))) ++i;
  if (at(i) == '.' && !IsDigit(at(i + 1))) return FailExpected("digits behind a number's point");
  return true;
}

std::string_view JsonReader::NumberText() const {
  size_t end = position_;
  while (end < text_.size() &&
         (IsDigit(text_[end]) || std::string_view("+-.eE").find(text_[end]) != std::string_view::npos))
    ++end;
  return text_.substr(position_, end - position_);
}

template <typename T>
bool JsonReader::ReadNumber(T& value) {
  SkipSpace();
  if (!ok()) return false;
  if (!CheckIntegerPart()) {
    // What some write for NaN.
    if (std::is_floating_point_v<T> && text_.substr(position_).starts_with("null")) SayBinary();
    return false;
  }
  if constexpr (std::is_floating_point_v<T>) return ReadReal(value);
  const auto [end, error] = std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
  const char next = end < text_.data() + text_.size() ? *end : '\0';
  if (error == std::errc::invalid_argument || next == '.' || next == 'e' || next == 'E')
    return FailExpected(TypeText<T>());
  if (error == std::errc::result_out_of_range)
    return Fail(absl::StrCat(Shown(NumberText()), " does not fit ", TypeText<T>()));
  position_ = end - text_.data();
  return true;
}

template <typename T>
bool JsonReader::ReadReal(T& value) {
  if (const size_t size = ReadShort(text_.substr(position_), value); size > 0) {
    position_ += size;
    return true;
  }
  const auto [end, error] = std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
  if (error == std::errc::result_out_of_range) {
    // Too small, which is 0 or next to it, or too large: from_chars does not say which, strtod does.
    const std::string number(NumberText());
    const double wide = std::strtod(number.c_str(), nullptr);
    value = static_cast<T>(wide);
    if (!std::isfinite(value)) return Fail(absl::StrCat(Shown(number), " does not fit ", TypeText<T>()));
  }
  const char next = end < text_.data() + text_.size() ? *end : '\0';
  if (error == std::errc::invalid_argument || next == '.' || next == 'e' || next == 'E')
    return FailExpected("a number");
  position_ = end - text_.data();
  return true;
}

bool JsonReader::SkipNumber() {
  // 1e999 is JSON: only who wants its value has to refuse it.
  if (!CheckIntegerPart()) return false;
  double value = 0;
  const auto [end, error] = std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
  const char next = end < text_.data() + text_.size() ? *end : '\0';
  if (error == std::errc::invalid_argument || next == '.' || next == 'e' || next == 'E')
    return FailExpected("a number");
  position_ = end - text_.data();
  return true;
}

template bool JsonReader::ReadNumber(int8_t&);
template bool JsonReader::ReadNumber(int16_t&);
template bool JsonReader::ReadNumber(int32_t&);
template bool JsonReader::ReadNumber(int64_t&);
template bool JsonReader::ReadNumber(uint8_t&);
template bool JsonReader::ReadNumber(uint16_t&);
template bool JsonReader::ReadNumber(uint32_t&);
template bool JsonReader::ReadNumber(uint64_t&);
template bool JsonReader::ReadNumber(float&);
template bool JsonReader::ReadNumber(double&);

}  // namespace lamina::server
