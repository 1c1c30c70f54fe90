#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_PATH_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_PATH_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::server {

/// What the variable parts of a path were, decoded: "model" -> "große maus".
class PathParameters {
 public:
  void Add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }

  /// Empty when the path had no such part.
  std::string_view Get(std::string_view name) const {
    for (const auto& [key, value] : values_) {
      if (key == name) return value;
    }
    return {};
  }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

/// The segments of a path, each decoded after the path was split: %2F never splits, and "." and ".." are names like any
/// others. Nothing when a '%' has no two hexadecimal digits behind it, or the path does not begin with '/'.
std::optional<std::vector<std::string>> SplitPath(std::string_view path);

/// The form of a path: "/v1/models/{model}/versions/{version}:predict". A part in braces stands for a segment that is
/// not empty, or for what stands before the fixed end of one.
class PathPattern {
 public:
  explicit PathPattern(std::string_view pattern);

  const std::string& text() const { return text_; }

  bool Matches(const std::vector<std::string>& path) const;

  /// REQUIRES: Matches(path).
  PathParameters Parameters(const std::vector<std::string>& path) const;

  /// Of two patterns that match the same path this one says more about it: at the first segment in which they differ it
  /// is the one that has more fixed text.
  bool IsMoreSpecificThan(const PathPattern& other) const;

 private:
  struct Segment {
    std::string parameter;  // empty: all of it is fixed
    std::string fixed;      // the segment, or its end
  };

  std::string text_;
  std::vector<Segment> segments_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_PATH_H_
