#ifndef LAMINA_SERVER_CONFIG_ENVIRONMENT_H_
#define LAMINA_SERVER_CONFIG_ENVIRONMENT_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/model_config.h"
#include "server/config/server_config.h"

namespace lamina::server {

/// A variable's value, or null when it is not set: std::getenv, or a table in a test.
using GetVariable = std::function<const char*(const char* name)>;

/// Fills the structs from the environment; what is not set stays as it is. Returns every problem.
std::vector<std::string> ReadEnvironment(const GetVariable& get, ServerConfig& config, ModelConfig& defaults);

/// A level's name in any case: TRACE, DEBUG, INFO, WARNING, ERROR; any other is INFO.
LogConfig::Level ParseLogLevel(std::string_view name);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_ENVIRONMENT_H_
