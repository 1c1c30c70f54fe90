#include "server/config/shape_text.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace lamina::server {
namespace {

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

bool ParseInteger(std::string_view text, int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

absl::Status BadShape(std::string_view text) {
  return absl::InvalidArgumentError("'" + std::string(text) +
                                    "' is not a shape; write it as auto, (1,3,224,224) or [1,3,-1,224]");
}

}  // namespace

absl::StatusOr<DimensionRange> ParseDimension(std::string_view text) {
  text = Trim(text);
  const size_t colon = text.find(':');
  DimensionRange range;
  if (colon != std::string_view::npos) {
    if (ParseInteger(Trim(text.substr(0, colon)), range.min) && ParseInteger(Trim(text.substr(colon + 1)), range.max) &&
        range.min >= 1 && range.max >= range.min) {
      return range;
    }
  } else if (int64_t size = 0; ParseInteger(text, size)) {
    if (size == -1) return DimensionRange{};
    if (size >= 1) return DimensionRange{size, size};
  }
  return absl::InvalidArgumentError(
      "'" + std::string(text) + "' is not a dimension; expected a number from 1, -1 for any size, or a range like 1:8");
}

absl::StatusOr<ShapeConfig> ParseShape(std::string_view text) {
  const std::string_view whole = Trim(text);
  ShapeConfig shape;
  if (whole == "auto") {
    shape.automatic = true;
    return shape;
  }
  const bool round = whole.starts_with('(') && whole.ends_with(')');
  const bool square = whole.starts_with('[') && whole.ends_with(']');
  if (!round && !square) return BadShape(text);
  std::string_view rest = Trim(whole.substr(1, whole.size() - 2));
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    absl::StatusOr<DimensionRange> range = ParseDimension(rest.substr(0, comma));
    if (!range.ok()) return range.status();
    shape.dims.push_back(*range);
    // Python's tuple of one, `(5,)`, ends with a comma.
    rest = comma == std::string_view::npos ? std::string_view() : Trim(rest.substr(comma + 1));
  }
  return shape;
}

}  // namespace lamina::server
