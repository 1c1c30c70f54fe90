#include "server/transport/testing/test_certificate.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <fstream>

namespace lamina::server {
namespace {

void AddExtension(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// What `write` writes to a BIO.
template <typename Write>
std::string Written(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  EXPECT_EQ(write(bio), 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

}  // namespace

TestCertificate::TestCertificate(const std::string& name, const TestCertificate* issuer, long seconds)
    : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
  static std::atomic<long> serial = 1;
  X509_set_version(certificate_, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate_), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate_), -24 * 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate_), seconds);
  X509_NAME* subject = X509_get_subject_name(certificate_);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate_, issuer ? X509_get_subject_name(issuer->certificate_) : subject);
  X509_set_pubkey(certificate_, key_);
  AddExtension(certificate_, NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE");
  EXPECT_GT(X509_sign(certificate_, issuer ? issuer->key_ : key_, EVP_sha256()), 0);
}

TestCertificate::~TestCertificate() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

std::string TestCertificate::CertificatePem() const {
  return Written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate_); });
}

std::string TestCertificate::KeyPem(const std::string& passphrase) const {
  return Written([&](BIO* bio) {
    const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_128_cbc();
    return PEM_write_bio_PKCS8PrivateKey(bio, key_, cipher, passphrase.c_str(), static_cast<int>(passphrase.size()),
                                         nullptr, nullptr);
  });
}

std::string TestCertificate::WriteCertificate(const std::string& path) const {
  return WriteText(path, CertificatePem());
}

std::string TestCertificate::WriteKey(const std::string& path) const { return WriteText(path, KeyPem()); }

std::string WriteText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::trunc) << text;
  return path;
}

}  // namespace lamina::server
