#include "server/protocols/http/path.h"

#include <algorithm>

namespace lamina::server {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Takes the first segment, without its slash, off a path. REQUIRES: path is not empty.
std::string_view TakeSegment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// Appends the segment, decoded, and returns what was appended; nothing when it cannot be decoded. REQUIRES: `to` has
/// room for it.
std::optional<std::string_view> PercentDecode(std::string_view segment, std::string& to) {
  const size_t begin = to.size();
  for (size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      to += segment[i];
      continue;
    }
    if (segment.size() - i < 3) return std::nullopt;
    const int high = HexDigit(segment[i + 1]);
    const int low = HexDigit(segment[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    to += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return std::string_view(to).substr(begin);
}

}  // namespace

std::optional<PathSegments> SplitPath(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  PathSegments segments;
  std::shared_ptr<std::string> decoded;
  if (path.find('%') != std::string_view::npos) {
    decoded = std::make_shared<std::string>();
    decoded->reserve(path.size());
    segments.decoded = decoded;
  }
  while (!path.empty()) {
    std::optional<std::string_view> segment = TakeSegment(path);
    if (decoded) segment = PercentDecode(*segment, *decoded);
    if (!segment) return std::nullopt;
    segments.names.push_back(*segment);
  }
  return segments;
}

PathPattern::PathPattern(std::string_view pattern) : text_(pattern) {
  while (!pattern.empty()) {
    const std::string_view segment = TakeSegment(pattern);
    const size_t close = segment.find('}');
    if (segment.substr(0, 1) == "{" && close != std::string_view::npos) {
      segments_.push_back({std::string(segment.substr(1, close - 1)), std::string(segment.substr(close + 1))});
    } else {
      segments_.push_back({"", std::string(segment)});
    }
  }
}

bool PathPattern::Matches(const PathSegments& path) const {
  const auto matches = [](const Segment& segment, std::string_view text) {
    if (segment.parameter.empty()) return text == segment.fixed;
    return text.size() > segment.fixed.size() && text.ends_with(segment.fixed);
  };
  // From the end, where paths differ most.
  return std::equal(segments_.rbegin(), segments_.rend(), path.names.rbegin(), path.names.rend(), matches);
}

PathParameters PathPattern::Parameters(const PathSegments& path) const {
  PathParameters parameters(path.decoded);
  for (size_t i = 0; i < segments_.size(); ++i) {
    const Segment& segment = segments_[i];
    if (segment.parameter.empty()) continue;
    const std::string_view text = path.names[i];
    parameters.Add(segment.parameter, text.substr(0, text.size() - segment.fixed.size()));
  }
  return parameters;
}

bool PathPattern::IsMoreSpecificThan(const PathPattern& other) const {
  for (size_t i = 0; i < segments_.size() && i < other.segments_.size(); ++i) {
    const Segment& mine = segments_[i];
    const Segment& its = other.segments_[i];
    if (mine.parameter.empty() != its.parameter.empty()) return mine.parameter.empty();
    if (!mine.parameter.empty() && mine.fixed.size() != its.fixed.size()) return mine.fixed.size() > its.fixed.size();
  }
  return false;
}

}  // namespace lamina::server
