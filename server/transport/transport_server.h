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

/// The way in and out: event loops, one a core, that serve gRPC and HTTP on every port. Requests are answered from when
/// it is made. Used by one thread.
class TransportServer {
 public:
  /// An error says why a port cannot be used.
  static absl::StatusOr<std::unique_ptr<TransportServer>> Start(const TransportConfig& config, GrpcMethods grpc,
                                                                HttpHandler http);
  /// The same within other limits, of those that have no configuration.
  static absl::StatusOr<std::unique_ptr<TransportServer>> Start(const TransportConfig& config,
                                                                std::shared_ptr<const Services> services);

  /// Stops at once, if nobody has before.
  ~TransportServer();

  /// The port it listens on: the configured one, or the one that was free.
  int port() const { return grpc_listener_->port(); }
  /// The port of REST's own; 0: there is none.
  int rest_port() const { return rest_listener_ ? rest_listener_->port() : 0; }

  /// Takes no more requests, and returns when those that run are answered; after `patience` they are cancelled.
  void Drain(std::chrono::milliseconds patience);

 private:
  struct Loop {
    std::shared_ptr<EventLoop> events;
    std::unique_ptr<LoopConnections> connections;
    std::thread thread;
  };

  explicit TransportServer(std::shared_ptr<const Services> services);
  absl::Status StartLoops(int count);
  absl::Status Listen(const TransportConfig& config);
  absl::Status StartListener(Listener& listener);
  void Accept(FileDescriptor socket);
  void OnEveryLoop(void (LoopConnections::*call)());

  const std::shared_ptr<const Services> services_;
  ConnectionCount count_;
  std::unique_ptr<Listener> grpc_listener_, rest_listener_;
  std::vector<Loop> loops_;  // the first one's thread accepts
  size_t next_loop_ = 0;     // the first loop's thread's
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TRANSPORT_SERVER_H_
