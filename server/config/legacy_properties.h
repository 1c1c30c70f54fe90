#ifndef LAMINA_SERVER_CONFIG_LEGACY_PROPERTIES_H_
#define LAMINA_SERVER_CONFIG_LEGACY_PROPERTIES_H_

#include <map>
#include <string>
#include <vector>

namespace lamina::server {

/// Turns properties of the engine of 2018 to 2022 (CPU_THROUGHPUT_STREAMS, ...) into those that replaced them, so that
/// an old plugin_config still compiles. A property that has no successor is taken out. One warning for each.
void ReplaceLegacyProperties(std::map<std::string, std::string>& properties, std::vector<std::string>& warnings);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_LEGACY_PROPERTIES_H_
