#include "server/transport/listeners.h"

#include <utility>

#include "server/api/status_macros.h"
#include "server/config/listen_address.h"

namespace lamina::server {
namespace {

constexpr int kNoPort = -1;

/// Without a port only the unix sockets are bound. Where any free port will do, all addresses get the first one's.
absl::Status BindAll(const std::string& addresses, int port, Listeners::Side side, Listeners& listeners) {
  LAMINA_ASSIGN_OR_RETURN(const std::vector<ListenAddress> parsed, ParseListenAddresses(addresses));
  for (const ListenAddress& address : parsed) {
    const bool is_tcp = address.kind == ListenAddress::Kind::kTcp;
    if (is_tcp && port == kNoPort) continue;
    LAMINA_ASSIGN_OR_RETURN(std::unique_ptr<Listener> socket, Listener::Bind(address, port));
    if (is_tcp) port = socket->port();
    listeners.all.push_back({side, std::move(socket)});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Listeners> Listeners::Bind(const TransportConfig& config) {
  Listeners listeners;
  LAMINA_RETURN_IF_ERROR(BindAll(config.grpc_bind_address, config.grpc_port, Side::kGrpc, listeners));
  const int rest_port = config.rest_port == 0 ? kNoPort : config.rest_port;
  LAMINA_RETURN_IF_ERROR(BindAll(config.rest_bind_address, rest_port, Side::kRest, listeners));
  return listeners;
}

int Listeners::port(Side side) const {
  for (const One& one : all) {
    if (one.side == side && one.socket->port() != 0) return one.socket->port();
  }
  return 0;
}

std::vector<std::string> Listeners::Texts(Side side) const {
  std::vector<std::string> texts;
  for (const One& one : all) {
    if (one.side == side) texts.push_back(one.socket->text());
  }
  return texts;
}

}  // namespace lamina::server
