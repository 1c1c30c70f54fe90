// JsonReader's numbers.
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "server/protocols/http/json_reader.h"

namespace lamina::server {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

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
  if (!ok() || !CheckIntegerPart()) return false;
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
