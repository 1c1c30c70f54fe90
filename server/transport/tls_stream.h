#ifndef LAMINA_SERVER_TRANSPORT_TLS_STREAM_H_
#define LAMINA_SERVER_TRANSPORT_TLS_STREAM_H_

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "absl/functional/function_ref.h"
#include "server/transport/socket_output.h"
#include "server/transport/tls_context.h"

namespace lamina::server {

/// TLS of one connection, between what its socket carries and what its session speaks. It knows no socket: bytes are
/// put in and taken out. Used by its loop's thread alone.
class TlsStream {
 public:
  enum class Result {
    kMore,     // all is taken
    kRefused,  // by `plain`
    kEnded,    // the client sends no more
    kFailed,   // error() says why; `output` may have what tells the client
  };

  explicit TlsStream(const TlsContext& context);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// Takes what was read from the socket and gives what was in it to `plain`, piece by piece, until that returns
  /// false. What the handshake has to answer goes to `output`.
  Result Receive(std::span<const std::byte> encrypted, absl::FunctionRef<bool(std::span<const std::byte>)> plain,
                 SocketOutput& output);

  /// What is to be sent, before it is encrypted: the session puts it here.
  SocketOutput& plain() { return plain_; }

  /// Moves some of plain() to `output`, once that is empty. Returns whether there is more; there is none when it has
  /// failed.
  bool Encrypt(SocketOutput& output);

  /// Tells the client that no more comes. Does nothing when that was said.
  void SayEnd(SocketOutput& output);

  bool has_begun() const { return has_begun_; }
  /// Whether the handshake is over.
  bool is_open() const { return SSL_is_init_finished(connection_.get()) != 0; }
  bool has_failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }

 private:
  struct Free {
    void operator()(SSL* connection) const { SSL_free(connection); }
  };
  friend struct TlsBytes;

  void Fail();

  std::span<const std::byte> incoming_;  // during Receive(): what OpenSSL has not taken yet
  SocketOutput* output_ = nullptr;       // during a call
  SocketOutput plain_;
  bool has_begun_ = false;
  bool end_said_ = false;
  std::string error_;
  const std::unique_ptr<SSL, Free> connection_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TLS_STREAM_H_
