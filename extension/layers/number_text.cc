#include "extension/layers/number_text.h"

#include <lamina/types.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace lamina::layers {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
  const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+';
  return has_plus ? text.substr(1) : text;
}

/// from_chars says only that a number is out of range, not on which side.
template <class T>
T OutOfRange(std::string_view text) {
  const double wide = std::strtod(std::string(text).c_str(), nullptr);
  return static_cast<T>(std::abs(wide) > 1 ? std::copysign(std::numeric_limits<double>::infinity(), wide) : wide);
}

}  // namespace

template <class T>
T NumberFrom(std::string_view text, const char* layer) {
  const std::string_view trimmed = Trimmed(text);
  T number = 0;
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
  const bool is_whole = !trimmed.empty() && end == trimmed.data() + trimmed.size();
  if constexpr (std::is_floating_point_v<T>) {
    if (is_whole && error == std::errc::result_out_of_range) return OutOfRange<T>(trimmed);
  }
  Require(is_whole && error == std::errc(), layer, ": '", std::string(text.substr(0, 40)),
          "' is not a number of the type ", TypeName(kTypeCode<T>));
  return number;
}

template float NumberFrom(std::string_view, const char*);
template double NumberFrom(std::string_view, const char*);
template int64_t NumberFrom(std::string_view, const char*);
template uint64_t NumberFrom(std::string_view, const char*);

std::string TextOf(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
  char text[32];
  return std::string(text, static_cast<size_t>(std::snprintf(text, sizeof(text), "%.8g", value)));
}

}  // namespace lamina::layers
