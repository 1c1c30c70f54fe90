#ifndef LAMINA_SERVER_SERVE_H_
#define LAMINA_SERVER_SERVE_H_

#include "server/config/server_config.h"

namespace lamina::server {

/// Runs the server until SIGTERM, SIGINT or SIGHUP (unless that one is ignored when it starts), drains its requests and
/// returns the process's exit code: 0 after a clean stop, 1 with the reason in the log when it cannot start or finds
/// nothing to serve. Where nobody reads the log it ends the process itself. Called once, from the main thread.
int Serve(const ServerConfig& config);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_SERVE_H_
