#ifndef LAMINA_SERVER_PROTOCOLS_FIND_TWICE_H_
#define LAMINA_SERVER_PROTOCOLS_FIND_TWICE_H_

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace lamina::server {

/// A name that `names` holds twice, or nothing. By sorting: a hostile message can hold millions.
inline std::optional<std::string_view> FindTwice(std::vector<std::string_view> names) {
  if (names.size() < 2) return std::nullopt;
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return std::nullopt;
  return *twice;
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_FIND_TWICE_H_
