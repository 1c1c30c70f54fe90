#include "server/transport/testing/client_socket.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdio>
#include <cstdlib>

namespace lamina::server {

ClientSocket::ClientSocket(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::perror("connect");
    std::abort();
  }
}

bool ClientSocket::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

size_t ClientSocket::SendWhatIsTaken(std::string_view bytes) {
  size_t taken = 0;
  pollfd room{.fd = socket_.get(), .events = POLLOUT, .revents = 0};
  while (taken < bytes.size() && poll(&room, 1, /*timeout=*/1000) > 0) {
    const ssize_t sent = send(socket_.get(), bytes.data() + taken, bytes.size() - taken, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) break;
    taken += static_cast<size_t>(sent);
  }
  return taken;
}

void ClientSocket::EndSending() { shutdown(socket_.get(), SHUT_WR); }

std::string ClientSocket::Receive() {
  std::string bytes(size_t{64} << 10, '\0');
  const ssize_t count = recv(socket_.get(), bytes.data(), bytes.size(), 0);
  bytes.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return bytes;
}

void ClientSocket::ReceiveLittle(int bytes) { setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }

}  // namespace lamina::server
