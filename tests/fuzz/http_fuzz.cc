// A connection without TLS, from its socket to its services: HTTP/1.1, HTTP/2 and gRPC as bytes, whole and in pieces.
// The input's first byte says how many bytes are sent at a time, and whether HTTP/2 begins as it should.
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/fuzzed_connection.h"

namespace lamina::server {
namespace {

/// Sends the input, a piece a step, reads what comes, and leaves when it has sent all or the server has left.
class Client {
 public:
  Client(FileDescriptor socket, std::span<const uint8_t> input) : socket_(std::move(socket)) {
    if (input.empty()) return;
    piece_ = size_t{1} << (input[0] % 16);
    if (input[0] >= 128) unsent_ = std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);
    unsent_.append(input.begin() + 1, input.end());
  }

  bool Step() {
    if (socket_.get() < 0) return false;
    char bytes[16384];
    ssize_t received = 0;
    while ((received = recv(socket_.get(), bytes, sizeof bytes, 0)) > 0) {
    }
    const ssize_t sent = send(socket_.get(), unsent_.data(), std::min(unsent_.size(), piece_), MSG_NOSIGNAL);
    if (sent > 0) unsent_.erase(0, static_cast<size_t>(sent));
    if (unsent_.empty() && !ended_) shutdown(socket_.get(), SHUT_WR);
    ended_ |= unsent_.empty();
    if (received == 0 || (sent < 0 && errno == EPIPE)) socket_.Close();
    return socket_.get() >= 0;
  }

 private:
  FileDescriptor socket_;
  size_t piece_ = 1;
  std::string unsent_;
  bool ended_ = false;
};

}  // namespace
}  // namespace lamina::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lamina::server;
  static const std::shared_ptr<const Services> services = EchoServices();
  ServeClient<Client>(services, {data, size});
  return 0;
}
