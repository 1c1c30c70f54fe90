#ifndef LAMINA_SERVER_LOAD_GUARDS_H_
#define LAMINA_SERVER_LOAD_GUARDS_H_

#include "absl/status/statusor.h"
#include "server/config/server_config.h"
#include "server/threads/file_watch.h"
#include "server/transport/listeners.h"
#include "server/transport/services.h"

namespace lamina::server {

/// What the configuration asks for to stand between clients and services. Their files are read again when `watch` sees
/// them change. An error says why the server cannot start.
absl::StatusOr<Guards> LoadGuards(const TransportConfig& config, FileWatch& watch);

/// Says where tokens can be read by others on their way.
void WarnOfOpenTokens(const Guards& guards, const Listeners& listeners);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_LOAD_GUARDS_H_
