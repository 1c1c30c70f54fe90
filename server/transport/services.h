#ifndef LAMINA_SERVER_TRANSPORT_SERVICES_H_
#define LAMINA_SERVER_TRANSPORT_SERVICES_H_

#include <chrono>
#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "server/access/access_tokens.h"
#include "server/protocols/grpc/grpc_methods.h"
#include "server/protocols/http/http.h"
#include "server/transport/cors.h"
#include "server/transport/decompressor.h"
#include "server/transport/memory_budget.h"
#include "server/transport/tls_source.h"
#include "server/transport/transport_limits.h"

namespace lamina::server {

/// What stands between clients and services. Each may be nullptr: then there is none.
struct Guards {
  std::shared_ptr<TlsSource> tls;  // on ports; unix sockets, which only this machine reaches, do without
  std::shared_ptr<AccessTokens> tokens;
  std::shared_ptr<const CorsPolicy> cors;
};

/// What connections serve, and within which limits. Constant while the server runs.
struct Services {
  GrpcMethods grpc;
  HttpHandler http;
  TransportLimits limits;
  Guards guards;
  std::shared_ptr<MemoryBudget> memory;
  std::shared_ptr<Decompressor> decompressor = std::make_shared<Decompressor>();

  /// What clients have not taken yet of their answers.
  std::shared_ptr<MemoryBudget> unsent = std::make_shared<MemoryBudget>(limits.max_all_unsent_bytes);

  /// An error: an answer is not to be given, as clients leave too much unread. `unsent_then`: what its
  /// connection would have to send with it.
  absl::Status RoomForAnswer(size_t unsent_then) const;
  /// How long a client may take nothing of its answers.
  std::chrono::milliseconds WriteTimeout() const {
    return unsent->spent() ? limits.crowded_write_timeout : limits.write_timeout;
  }

  /// What lets one connection at a time go on with its messages when memory is spent.
  MemoryOverdraft Overdraft() const { return MemoryOverdraft(memory, 2 * limits.max_message_bytes); }
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_SERVICES_H_
