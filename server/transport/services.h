#ifndef LAMINA_SERVER_TRANSPORT_SERVICES_H_
#define LAMINA_SERVER_TRANSPORT_SERVICES_H_

#include <memory>

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

  /// What lets one connection at a time go on with its messages when memory is spent.
  MemoryOverdraft Overdraft() const { return MemoryOverdraft(memory, 2 * limits.max_message_bytes); }
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_SERVICES_H_
