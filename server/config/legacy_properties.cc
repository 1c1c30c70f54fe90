#include "server/config/legacy_properties.h"

#include <string_view>
#include <utility>

namespace lamina::server {
namespace {

struct Successor {
  std::string_view old_name;
  std::string_view new_name;  // empty: none
};

// The plugin's own release notes: removed with API 1.0, in 2024.0.
constexpr Successor kSuccessors[] = {
    {"CPU_THROUGHPUT_STREAMS", "NUM_STREAMS"},
    {"CPU_THREADS_NUM", "INFERENCE_NUM_THREADS"},
    {"CPU_BIND_THREAD", "ENABLE_CPU_PINNING"},
    {"ENFORCE_BF16", "INFERENCE_PRECISION_HINT"},
    {"DYN_BATCH_ENABLED", ""},
    {"DYN_BATCH_LIMIT", ""},
    {"EXCLUSIVE_ASYNC_REQUESTS", ""},
};

std::string NewValue(std::string_view old_name, const std::string& value) {
  if (value == "CPU_THROUGHPUT_AUTO") return "AUTO";
  if (value == "CPU_THROUGHPUT_NUMA") return "NUMA";
  if (old_name == "ENFORCE_BF16") return value == "YES" ? "bf16" : "f32";
  if (old_name == "CPU_BIND_THREAD") return value == "NO" ? "NO" : "YES";
  return value;
}

}  // namespace

void ReplaceLegacyProperties(std::map<std::string, std::string>& properties, std::vector<std::string>& warnings) {
  for (const Successor& entry : kSuccessors) {
    auto old = properties.find(std::string(entry.old_name));
    if (old == properties.end()) continue;
    const std::string was = old->first + "=" + old->second;
    if (entry.new_name.empty()) {
      warnings.push_back("plugin_config: " + was + " is ignored: OpenVINO no longer has this property");
    } else {
      std::string value = NewValue(entry.old_name, old->second);
      warnings.push_back("plugin_config: " + was + " is taken as " + std::string(entry.new_name) + "=" + value +
                         ", the property's name now");
      properties.emplace(entry.new_name, std::move(value));
    }
    properties.erase(old);
  }
}

}  // namespace lamina::server
