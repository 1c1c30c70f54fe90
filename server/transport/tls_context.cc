#include "server/transport/tls_context.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include <fstream>
#include <new>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/file_kind.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

// Of TLS 1.2 what keeps old traffic secret when the key is lost, and is authenticated; 1.3 has nothing else.
constexpr char kCiphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
// As ALPN writes them: each with its length before it, the one we would rather speak first.
constexpr unsigned char kProtocols[] = "\x02h2\x08http/1.1";
constexpr unsigned char kSessionContext[] = "lamina";

template <auto function>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    function(object);
  }
};
using File = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

/// The last of OpenSSL's errors on this thread in its own words.
std::string Reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "unknown";
}

absl::Status Refuse(const char* flag, const std::string& path, const std::string& sentence) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": ", path, " ", sentence));
}

absl::Status CheckReadable(const char* flag, const std::string& path) {
  if (const absl::Status status = CheckHasEnd(path); !status.ok())
    return absl::InvalidArgumentError(absl::StrCat(flag, ": ", status.message()));
  errno = 0;
  std::ifstream file(path);
  if (file.peek(); !file.bad() && file.is_open() && errno == 0) return absl::OkStatus();
  return Refuse(flag, path,
                absl::StrCat("cannot be read (", strerror(errno),
                             "); give the path of a PEM file that the server's user may read"));
}

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                   unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, size, kProtocols, sizeof kProtocols - 1, offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Otherwise OpenSSL would ask at the console.
int NoPassphrase(char*, int, int, void*) { return -1; }

std::string TimeText(const ASN1_TIME* time) {
  tm parts{};
  char text[32] = "";
  if (ASN1_TIME_to_tm(time, &parts) == 1) strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts);
  return text;
}

std::string SubjectText(X509* certificate) {
  char text[256] = "";
  X509_NAME_oneline(X509_get_subject_name(certificate), text, sizeof text);
  return text;
}

}  // namespace

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_server_method())) {
  SSL_CTX* context = context_.get();
  if (context == nullptr) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_cipher_list(context, kCiphers);
  // Ten thousand idle connections would keep 32 KB each.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  // Clients may resume by a ticket; the server remembers none of them.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context, kSessionContext, sizeof kSessionContext - 1);
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
}

absl::StatusOr<std::shared_ptr<const TlsContext>> TlsContext::Load(const TlsConfig& config) {
  const std::shared_ptr<TlsContext> made(new TlsContext);
  LAMINA_RETURN_IF_ERROR(made->LoadCertificate(config.certificate_file));
  LAMINA_RETURN_IF_ERROR(made->LoadKey(config));
  if (!config.client_ca_file.empty()) LAMINA_RETURN_IF_ERROR(made->LoadClientAuthorities(config.client_ca_file));
  made->Describe(config.certificate_file);
  return made;
}

absl::Status TlsContext::LoadCertificate(const std::string& path) {
  LAMINA_RETURN_IF_ERROR(CheckReadable("tls_certificate_file", path));
  if (SSL_CTX_use_certificate_chain_file(context_.get(), path.c_str()) == 1) return absl::OkStatus();
  return Refuse("tls_certificate_file", path,
                absl::StrCat("holds no certificate that can be used (", Reason(),
                             "); write the server's certificate in PEM form, then those between it and its root"));
}

absl::Status TlsContext::LoadKey(const TlsConfig& config) {
  const std::string& path = config.key_file;
  LAMINA_RETURN_IF_ERROR(CheckReadable("tls_key_file", path));
  const File file(BIO_new_file(path.c_str(), "r"));
  const Key key(file ? PEM_read_bio_PrivateKey(file.get(), nullptr, NoPassphrase, nullptr) : nullptr);
  if (!key) {
    return Refuse("tls_key_file", path,
                  absl::StrCat("holds no private key that can be read (", Reason(),
                               "); write it in PEM form, without a passphrase"));
  }
  if (SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1) return absl::OkStatus();
  return Refuse("tls_key_file", path,
                absl::StrCat("is not the key of the certificate in ", config.certificate_file, " (", Reason(),
                             "); give the two that were made together"));
}

absl::Status TlsContext::LoadClientAuthorities(const std::string& path) {
  LAMINA_RETURN_IF_ERROR(CheckReadable("tls_client_ca_file", path));
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(path.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context_.get(), path.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return Refuse("tls_client_ca_file", path,
                  absl::StrCat("holds no certificate (", Reason(),
                               "); write those that sign the clients' certificates in PEM form"));
  }
  SSL_CTX_set_client_CA_list(context_.get(), names);  // takes them
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return absl::OkStatus();
}

void TlsContext::Describe(const std::string& path) {
  X509* certificate = SSL_CTX_get0_certificate(context_.get());
  const std::string begin = TimeText(X509_get0_notBefore(certificate));
  const std::string end = TimeText(X509_get0_notAfter(certificate));
  description_ = absl::StrCat(path, ": ", SubjectText(certificate), ", valid until ", end);
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    warnings_.push_back(absl::StrCat("tls_certificate_file: the certificate in ", path, " expired on ", end,
                                     ": clients will refuse it; put a new one and its key into their files"));
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    warnings_.push_back(absl::StrCat("tls_certificate_file: the certificate in ", path, " is valid only from ", begin,
                                     " on: clients will refuse it until then; look at this machine's clock"));
  }
}

SSL* TlsContext::NewConnection() const {
  SSL* connection = SSL_new(context_.get());
  if (connection == nullptr) throw std::bad_alloc();
  SSL_set_accept_state(connection);
  return connection;
}

}  // namespace lamina::server
