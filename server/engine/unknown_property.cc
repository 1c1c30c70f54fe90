#include "server/engine/unknown_property.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "openvino/runtime/properties.hpp"
#include "server/config/near_name.h"
#include "server/engine/ov_error.h"

namespace lamina::server {

absl::Status ExplainUnknownProperty(absl::Status failed, ov::Core& core, const std::string& device,
                                    const std::map<std::string, std::string>& plugin_config) {
  std::vector<std::string> names;
  const absl::Status listed = CatchOv("its properties", failed.code(), [&] {
    for (const ov::PropertyName& property : core.get_property(device, ov::supported_properties)) {
      if (property.is_mutable()) names.push_back(property);
    }
  });
  if (!listed.ok()) return failed;
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const auto& [name, value] : plugin_config) {
    // Some properties are taken without being listed: only what the engine itself names is unknown.
    if (std::ranges::find(names, name) != names.end() || !absl::StrContains(failed.message(), name)) continue;
    return absl::Status(failed.code(), absl::StrCat("plugin_config: the device ", device, " has no property '", name,
                                                    "'; ", NearNameHint(absl::AsciiStrToUpper(name), known)));
  }
  return failed;
}

}  // namespace lamina::server
