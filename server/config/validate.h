#ifndef LAMINA_SERVER_CONFIG_VALIDATE_H_
#define LAMINA_SERVER_CONFIG_VALIDATE_H_

#include <string>
#include <vector>

#include "server/config/model_config.h"
#include "server/config/server_config.h"

namespace lamina::server {

/// Everything that is wrong with one model's settings, beyond what reading each of them finds.
std::vector<std::string> FindProblems(const ModelConfig& model);

/// Everything that is wrong with the server's own settings; the models are not looked at.
std::vector<std::string> FindProblems(const ServerConfig& config);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_VALIDATE_H_
