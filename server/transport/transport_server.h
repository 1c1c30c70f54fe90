#ifndef LAMINA_SERVER_TRANSPORT_TRANSPORT_SERVER_H_
#define LAMINA_SERVER_TRANSPORT_TRANSPORT_SERVER_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/server_config.h"
#include "server/transport/connection_count.h"
#include "server/transport/event_loop.h"
#include "server/transport/listeners.h"
#include "server/transport/loop_connections.h"
#include "server/transport/loop_threads.h"
#include "server/transport/services.h"

namespace lamina::server {

/// The way in and out: event loops, one a core at least, that serve gRPC and HTTP on every port. Requests are answered
/// from when it is made. Used by one thread.
class TransportServer {
 public:
  static absl::StatusOr<std::unique_ptr<TransportServer>> Start(const TransportConfig& config, Listeners listeners,
                                                                GrpcMethods grpc, HttpHandler http, Guards guards);
  /// The same within other limits, of those that have no configuration.
  static absl::StatusOr<std::unique_ptr<TransportServer>> Start(const TransportConfig& config, Listeners listeners,
                                                                std::shared_ptr<const Services> services);

  /// Stops at once, if nobody has before.
  ~TransportServer();

  /// What it listens on.
  const Listeners& listeners() const { return listeners_; }

  /// Takes no more requests, and returns when those that run are answered; after `patience` they are cancelled.
  void Drain(std::chrono::milliseconds patience);

 private:
  struct Loop {
    std::shared_ptr<EventLoop> events;
    std::unique_ptr<LoopConnections> connections;
  };

  TransportServer(Listeners listeners, std::shared_ptr<const Services> services);
  absl::Status StartLoops(const TransportConfig& config);
  absl::Status StartListener(Listener& listener);
  void Accept(FileDescriptor socket, bool tls);
  void OnEveryLoop(void (LoopConnections::*call)());

  const std::shared_ptr<const Services> services_;
  const Listeners listeners_;
  ConnectionCount count_;
  std::vector<Loop> loops_;  // the first one accepts
  size_t next_loop_ = 0;     // the first loop's
  std::unique_ptr<LoopThreads> threads_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TRANSPORT_SERVER_H_
