#ifndef LAMINA_SERVER_TRANSPORT_TESTING_CLIENT_SOCKET_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_CLIENT_SOCKET_H_

#include <string>
#include <string_view>

#include "server/transport/file_descriptor.h"
#include "server/transport/testing/incoming.h"

namespace lamina::server {

/// A client's end of a connection to a server of the same test. Waits, but never for ever. Used by one thread.
class ClientSocket final : public Incoming {
 public:
  /// To 127.0.0.1.
  explicit ClientSocket(int port);

  /// False: the server has closed the connection.
  bool Send(std::string_view bytes);
  /// Says that no more is sent.
  void EndSending();

  /// Sends what the server takes, until it has taken nothing for a second; returns how many bytes.
  size_t SendWhatIsTaken(std::string_view bytes);

  /// What comes next, or "" when the server has closed the connection or ten seconds have passed.
  std::string Receive() override;

  /// For what speaks something else over it.
  int fd() const { return socket_.get(); }

  /// With a small buffer for what the server sends; before that is much.
  void ReceiveLittle(int bytes = 4096);

 private:
  FileDescriptor socket_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_CLIENT_SOCKET_H_
