#include "server/protocols/kserve/version.h"

#include <charconv>

namespace lamina::server {

VersionSelector ParseKserveVersion(std::string_view version) {
  VersionSelector selector;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), selector.version);
  if (error != std::errc() || end != version.data() + version.size()) {
    selector.version = 0;
    selector.label = version;
  }
  return selector;
}

}  // namespace lamina::server
