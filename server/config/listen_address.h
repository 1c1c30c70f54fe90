#ifndef LAMINA_SERVER_CONFIG_LISTEN_ADDRESS_H_
#define LAMINA_SERVER_CONFIG_LISTEN_ADDRESS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace lamina::server {

/// Where a server can listen.
struct ListenAddress {
  enum class Kind { kTcp, kUnix };

  Kind kind = Kind::kTcp;
  std::string text;  // "127.0.0.1", "::1", a host's name; or the path of a unix socket

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// Reads a list such as "127.0.0.1,[::1],unix:/run/lamina.sock". An error says which entry is none, and why.
absl::StatusOr<std::vector<ListenAddress>> ParseListenAddresses(std::string_view list);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_LISTEN_ADDRESS_H_
