#ifndef LAMINA_SERVER_TRANSPORT_TRANSPORT_SERVER_H_
#define LAMINA_SERVER_TRANSPORT_TRANSPORT_SERVER_H_

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/server_config.h"
#include "server/transport/connection_count.h"
#include "server/transport/event_loop.h"
#include "server/transport/listener.h"
#include "server/transport/loop_connections.h"
#include "server/transport/services.h"

namespace lamina::server {

/// The sockets that clients connect to. Bound before anything that takes time, so that a port that is taken is told at
/// once; who connects before the server has started waits.
struct Listeners {
  std::unique_ptr<Listener> grpc, rest;  // rest: only if it has a port of its own

  /// An error says why a port cannot be used.
  static absl::StatusOr<Listeners> Bind(const TransportConfig& config);
};

/// The way in and out: event loops, one a core, that serve gRPC and HTTP on every port. Requests are answered from when
/// it is made. Used by one thread.
class TransportServer {
 public:
  static absl::StatusOr<std::unique_ptr<TransportServer>> Start(const TransportConfig& config, Listeners listeners,
                                                                GrpcMethods grpc, HttpHandler http);
  /// The same within other limits, of those that have no configuration.
  static absl::StatusOr<std::unique_ptr<TransportServer>> Start(const TransportConfig& config, Listeners listeners,
                                                                std::shared_ptr<const Services> services);

  /// Stops at once, if nobody has before.
  ~TransportServer();

  /// The port it listens on: the configured one, or the one that was free.
  int port() const { return listeners_.grpc->port(); }
  /// The port of REST's own; 0: there is none.
  int rest_port() const { return listeners_.rest ? listeners_.rest->port() : 0; }

  /// Takes no more requests, and returns when those that run are answered; after `patience` they are cancelled.
  void Drain(std::chrono::milliseconds patience);

 private:
  struct Loop {
    std::shared_ptr<EventLoop> events;
    std::unique_ptr<LoopConnections> connections;
    std::thread thread;
  };

  TransportServer(Listeners listeners, std::shared_ptr<const Services> services);
  absl::Status StartLoops(int count);
  absl::Status StartListener(Listener& listener);
  void Accept(FileDescriptor socket);
  void OnEveryLoop(void (LoopConnections::*call)());

  const std::shared_ptr<const Services> services_;
  const Listeners listeners_;
  ConnectionCount count_;
  std::vector<Loop> loops_;  // the first one's thread accepts
  size_t next_loop_ = 0;     // the first loop's thread's
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TRANSPORT_SERVER_H_
