#ifndef LAMINA_SERVER_TRANSPORT_TLS_CONTEXT_H_
#define LAMINA_SERVER_TRANSPORT_TLS_CONTEXT_H_

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/server_config.h"

namespace lamina::server {

/// What the server says of itself in TLS handshakes and asks of clients: certificate, key, and who signs the clients'.
/// TLS 1.2 with authenticated ciphers, or 1.3; ALPN chooses h2 or http/1.1. Constant, so that any thread may use it.
class TlsContext {
 public:
  /// Reads the files. An error names the file and says what to do.
  static absl::StatusOr<std::shared_ptr<const TlsContext>> Load(const TlsConfig& config);

  /// A new connection's. Never null.
  SSL* NewConnection() const;

  /// Whose the certificate is and until when it is valid.
  const std::string& description() const { return description_; }
  /// What is wrong with the certificate, and keeps nobody from using it.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  TlsContext();
  absl::Status LoadCertificate(const std::string& path);
  absl::Status LoadKey(const TlsConfig& config);
  absl::Status LoadClientAuthorities(const std::string& path);
  void Describe(const std::string& path);

  const std::unique_ptr<SSL_CTX, Free> context_;
  std::string description_;
  std::vector<std::string> warnings_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TLS_CONTEXT_H_
