#include "server/transport/client_log.h"

#include <netdb.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "server/transport/log_throttle.h"

namespace lamina::server {
namespace {

/// "127.0.0.1:4242"
std::string PeerText(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.ss_family == AF_UNIX ||
      getnameinfo(reinterpret_cast<sockaddr*>(&address), size, host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "a client";
  }
  return std::string(host) + ":" + port;
}

}  // namespace

void LogClient(int socket, const std::string& sentence) {
  static LogThrottle throttle;
  const std::optional<int> held_back = throttle.Pass();
  if (!held_back) return;
  const std::string more = *held_back > 0 ? " (" + std::to_string(*held_back) + " more since the last line)" : "";
  spdlog::warn("{} {}{}", PeerText(socket), sentence, more);
}

}  // namespace lamina::server
