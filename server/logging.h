#ifndef LAMINA_SERVER_LOGGING_H_
#define LAMINA_SERVER_LOGGING_H_

#include "absl/status/status.h"
#include "server/config/server_config.h"

namespace lamina::server {

/// Makes spdlog's default logger write to the console (standard error) and to the configured file. Called before any
/// thread runs. An error says why the file cannot be written; the console works all the same.
absl::Status StartLogging(const LogConfig& config);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_LOGGING_H_
