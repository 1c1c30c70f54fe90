#ifndef LAMINA_SERVER_TRANSPORT_TESTING_TEST_CERTIFICATE_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_TEST_CERTIFICATE_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string>

namespace lamina::server {

/// A key and a certificate of it, made for one test. Used by one thread.
class TestCertificate {
 public:
  /// Signed by `issuer`, or by itself; valid until `seconds` from now.
  explicit TestCertificate(const std::string& name, const TestCertificate* issuer = nullptr, long seconds = 3600);
  ~TestCertificate();
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  std::string CertificatePem() const;
  std::string KeyPem(const std::string& passphrase = "") const;

  /// Writes them to files, whose paths it returns.
  std::string WriteCertificate(const std::string& path) const;
  std::string WriteKey(const std::string& path) const;

 private:
  EVP_PKEY* const key_;
  X509* const certificate_;
};

/// Replaces what a file has; returns its path.
std::string WriteText(const std::string& path, const std::string& text);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_TEST_CERTIFICATE_H_
