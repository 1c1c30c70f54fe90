#ifndef LAMINA_SERVER_TRANSPORT_TESTING_TLS_CLIENT_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_TLS_CLIENT_H_

#include <openssl/ssl.h>

#include <string>
#include <string_view>

#include "server/transport/testing/client_socket.h"
#include "server/transport/testing/incoming.h"

namespace lamina::server {

/// A client of TLS for tests. Waits, but never for ever. Used by one thread.
class TlsClient final : public Incoming {
 public:
  struct Options {
    std::string protocols;                   // as ALPN writes them, each with its length before it; empty: none
    std::string certificate_file, key_file;  // empty: none
    int max_version = TLS1_3_VERSION;
  };

  TlsClient(int port, const Options& options);
  explicit TlsClient(int port) : TlsClient(port, Options()) {}
  ~TlsClient() override;
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// Whether the handshake succeeded, on this side: the server's refusal of a certificate is seen when receiving.
  bool connected() const { return connected_; }
  /// What ALPN chose; empty: nothing.
  std::string protocol() const;
  /// Whose certificate the server has.
  std::string server_name() const;

  /// False: the connection has ended.
  bool Send(std::string_view bytes);
  /// What comes next; "" when the connection has ended.
  std::string Receive() override;

  /// Whether the server has said that no more comes.
  bool ended_properly() const;
  /// Says that no more is sent.
  void EndSending();
  /// OpenSSL's words for what went wrong.
  const std::string& error() const { return error_; }

 private:
  void NoteError();

  ClientSocket socket_;
  SSL_CTX* const context_;
  SSL* const connection_;
  bool connected_ = false;
  std::string error_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_TLS_CLIENT_H_
