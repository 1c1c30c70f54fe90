#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_PATH_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_PATH_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"

namespace lamina::server {

/// The segments of a path, each decoded. They are views of the path, or of `decoded` when something in it was encoded.
struct PathSegments {
  // Few paths have more, so that no memory is taken.
  static constexpr size_t kUsualCount = 8;

  absl::InlinedVector<std::string_view, kUsualCount> names;
  std::shared_ptr<const std::string> decoded;  // nullptr: nothing was encoded
};

/// What the variable parts of a path were, decoded: "model" -> "große maus". Views of the pattern and of the path,
/// which must stay.
class PathParameters {
 public:
  PathParameters() = default;
  explicit PathParameters(std::shared_ptr<const std::string> decoded) : decoded_(std::move(decoded)) {}

  void Add(std::string_view name, std::string_view value) { values_.emplace_back(name, value); }

  /// Empty when the path had no such part.
  std::string_view Get(std::string_view name) const {
    for (const auto& [key, value] : values_) {
      if (key == name) return value;
    }
    return {};
  }

 private:
  absl::InlinedVector<std::pair<std::string_view, std::string_view>, 2> values_;
  std::shared_ptr<const std::string> decoded_;  // what the values lie in, if not in the path
};

/// The segments of a path, which was split before they were decoded: %2F never splits, and "." and ".." are names like
/// any others. Nothing when a '%' has no two hexadecimal digits behind it, or the path does not begin with '/'.
std::optional<PathSegments> SplitPath(std::string_view path);

/// The form of a path: "/v1/models/{model}/versions/{version}:predict". A part in braces stands for a segment that is
/// not empty, or for what stands before the fixed end of one.
class PathPattern {
 public:
  explicit PathPattern(std::string_view pattern);

  const std::string& text() const { return text_; }

  bool Matches(const PathSegments& path) const;

  /// REQUIRES: Matches(path).
  PathParameters Parameters(const PathSegments& path) const;

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
