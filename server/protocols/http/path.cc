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

std::optional<std::string> PercentDecode(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return std::string(text);
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

}  // namespace

std::optional<std::vector<std::string>> SplitPath(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  std::vector<std::string> segments;
  segments.reserve(static_cast<size_t>(std::count(path.begin(), path.end(), '/')));
  while (!path.empty()) {
    std::optional<std::string> segment = PercentDecode(TakeSegment(path));
    if (!segment) return std::nullopt;
    segments.push_back(*std::move(segment));
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

bool PathPattern::Matches(const std::vector<std::string>& path) const {
  const auto matches = [](const Segment& segment, const std::string& text) {
    if (segment.parameter.empty()) return text == segment.fixed;
    return text.size() > segment.fixed.size() && text.ends_with(segment.fixed);
  };
  return std::equal(segments_.begin(), segments_.end(), path.begin(), path.end(), matches);
}

PathParameters PathPattern::Parameters(const std::vector<std::string>& path) const {
  PathParameters parameters;
  for (size_t i = 0; i < segments_.size(); ++i) {
    const Segment& segment = segments_[i];
    if (segment.parameter.empty()) continue;
    parameters.Add(segment.parameter, path[i].substr(0, path[i].size() - segment.fixed.size()));
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
