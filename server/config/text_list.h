#ifndef LAMINA_SERVER_CONFIG_TEXT_LIST_H_
#define LAMINA_SERVER_CONFIG_TEXT_LIST_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::server {

/// The paths of a ':'-separated list; empty ones are left out, so that "" is no path at all.
inline std::vector<std::string> SplitPaths(std::string_view text) {
  std::vector<std::string> paths;
  while (!text.empty()) {
    const size_t colon = text.find(':');
    if (colon != 0) paths.emplace_back(text.substr(0, colon));
    text = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  }
  return paths;
}

/// The entries of a ','-separated list, without the spaces around them; empty ones are left out.
inline std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> entries;
  while (!text.empty()) {
    std::string_view entry = text.substr(0, text.find(','));
    text.remove_prefix(entry.size() < text.size() ? entry.size() + 1 : entry.size());
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (!entry.empty()) entries.emplace_back(entry);
  }
  return entries;
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_TEXT_LIST_H_
