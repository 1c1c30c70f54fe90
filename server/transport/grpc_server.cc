#include "server/transport/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <limits>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

std::string Address(const TransportConfig& config) {
  const bool is_v6 =
      absl::StrContains(config.grpc_bind_address, ':') && !absl::StartsWith(config.grpc_bind_address, "[");
  return is_v6 ? absl::StrCat("[", config.grpc_bind_address, "]:", config.grpc_port)
               : absl::StrCat(config.grpc_bind_address, ":", config.grpc_port);
}

int MessageLimit(const TransportConfig& config) {
  return static_cast<int>(std::min<int64_t>(config.max_message_bytes, std::numeric_limits<int>::max()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const TransportConfig& config,
                                                              const std::vector<NamedGrpcService>& services) {
  static const bool plugins = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)plugins;
  std::unique_ptr<GrpcServer> server(new GrpcServer);
  grpc::ServerBuilder builder;
  const std::string address = Address(config);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &server->port_);
  builder.SetMaxReceiveMessageSize(MessageLimit(config));
  builder.SetMaxSendMessageSize(MessageLimit(config));
  // Two servers on one port would each get some of the connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  for (const NamedGrpcService& service : services) {
    builder.RegisterService(service.service);
    server->names_.push_back(service.name);
  }
  server->server_ = builder.BuildAndStart();
  if (!server->server_ || server->port_ == 0) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address,
                                               ": it is taken, or not an address of this machine; give "
                                               "another --port or stop what uses it"));
  }
  return server;
}

GrpcServer::~GrpcServer() {
  if (server_) Drain(std::chrono::milliseconds(0));
}

void GrpcServer::SetServing(bool serving) {
  auto* health = server_->GetHealthCheckService();
  if (health == nullptr) return;
  for (const char* name : names_) health->SetServingStatus(name, serving);
  health->SetServingStatus(serving);
}

void GrpcServer::Drain(std::chrono::milliseconds patience) {
  server_->Shutdown(std::chrono::system_clock::now() + patience);
  server_->Wait();
}

}  // namespace lamina::server
