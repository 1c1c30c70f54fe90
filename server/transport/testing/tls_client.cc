#include "server/transport/testing/tls_client.h"

#include <openssl/err.h>
#include <openssl/x509.h>

namespace lamina::server {
namespace {

SSL_CTX* MakeContext(const TlsClient::Options& options) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);  // to speak what the server must not accept
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, options.max_version);
  if (!options.protocols.empty()) {
    SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(options.protocols.data()),
                            static_cast<unsigned>(options.protocols.size()));
  }
  if (!options.certificate_file.empty()) {
    SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str());
    SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM);
  }
  return context;
}

}  // namespace

TlsClient::TlsClient(int port, const Options& options)
    : socket_(port), context_(MakeContext(options)), connection_(SSL_new(context_)) {
  SSL_set_fd(connection_, socket_.fd());
  ERR_clear_error();
  connected_ = SSL_connect(connection_) == 1;
  if (!connected_) NoteError();
}

TlsClient::~TlsClient() {
  SSL_free(connection_);
  SSL_CTX_free(context_);
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(connection_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsClient::server_name() const {
  X509* certificate = SSL_get0_peer_certificate(connection_);
  char name[64] = "";
  if (certificate != nullptr) {
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  }
  return name;
}

bool TlsClient::Send(std::string_view bytes) {
  ERR_clear_error();
  if (SSL_write(connection_, bytes.data(), static_cast<int>(bytes.size())) > 0) return true;
  NoteError();
  return false;
}

std::string TlsClient::Receive() {
  std::string bytes(size_t{16} << 10, '\0');
  ERR_clear_error();
  const int count = SSL_read(connection_, bytes.data(), static_cast<int>(bytes.size()));
  if (count <= 0) NoteError();
  bytes.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return bytes;
}

bool TlsClient::ended_properly() const { return (SSL_get_shutdown(connection_) & SSL_RECEIVED_SHUTDOWN) != 0; }

void TlsClient::EndSending() { SSL_shutdown(connection_); }

void TlsClient::NoteError() {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  if (reason != nullptr) error_ = reason;
}

}  // namespace lamina::server
