#ifndef LAMINA_SERVER_TRANSPORT_LISTENERS_H_
#define LAMINA_SERVER_TRANSPORT_LISTENERS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/server_config.h"
#include "server/transport/listener.h"

namespace lamina::server {

/// The sockets that clients connect to. Bound before anything that takes time, so that a port that is taken is told at
/// once; who connects before the server has started waits.
struct Listeners {
  /// Whose flags an address comes from. Every one of them speaks gRPC and HTTP.
  enum class Side { kGrpc, kRest };

  struct One {
    Side side;
    std::unique_ptr<Listener> socket;
  };

  std::vector<One> all;

  /// An error says why an address cannot be used; then none is.
  static absl::StatusOr<Listeners> Bind(const TransportConfig& config);

  /// The port of a side, which is the same for all of its addresses; 0: it has none.
  int port(Side side) const;
  /// What a side listens on, as clients write it.
  std::vector<std::string> Texts(Side side) const;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_LISTENERS_H_
