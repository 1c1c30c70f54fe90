#ifndef LAMINA_SERVER_TRANSPORT_GRPC_SERVER_H_
#define LAMINA_SERVER_TRANSPORT_GRPC_SERVER_H_

#include <chrono>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/server_config.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace lamina::server {

/// A service with the name that the health service knows it by: `package.Service`.
struct NamedGrpcService {
  const char* name;
  grpc::Service* service;
};

/// gRPC's own server with our services, its health service and its reflection, on one port. Its requests are answered
/// from when it is made.
class GrpcServer {
 public:
  /// Services outlive the server. An error says why the port cannot be used.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const TransportConfig& config,
                                                           const std::vector<NamedGrpcService>& services);

  /// Stops at once, if nobody has before.
  ~GrpcServer();

  /// The port it listens on: the configured one, or the one that was free.
  int port() const { return port_; }

  /// What the health service says for the whole server and for each service.
  void SetServing(bool serving);

  /// Takes no more requests, and returns when those that run are done; after `patience` they are cancelled.
  void Drain(std::chrono::milliseconds patience);

 private:
  GrpcServer() = default;

  std::unique_ptr<grpc::Server> server_;
  std::vector<const char*> names_;
  int port_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_GRPC_SERVER_H_
