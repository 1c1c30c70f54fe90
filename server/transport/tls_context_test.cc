#include "server/transport/tls_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "server/transport/testing/test_certificate.h"
#include "server/transport/tls_source.h"

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class TlsContextTest : public testing::Test {
 protected:
  TlsContextTest() {
    folder_ = testing::TempDir() + "/tls_context_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }

  std::string Write(const std::string& name, const std::string& text) const {
    return WriteText(folder_ + "/" + name, text);
  }
  static std::string Error(const TlsConfig& config) { return std::string(TlsContext::Load(config).status().message()); }

  std::string folder_;
  const TestCertificate server_{"server"}, other_{"other"};
};

TEST_F(TlsContextTest, WhatItSaysOfItself) {
  const std::string certificate = Write("c.pem", server_.CertificatePem()), key = Write("k.pem", server_.KeyPem());
  const auto context = TlsContext::Load({.certificate_file = certificate, .key_file = key});
  ASSERT_TRUE(context.ok()) << context.status();
  EXPECT_THAT((*context)->description(), StartsWith(certificate + ": /CN=server, valid until 20"));
  EXPECT_THAT((*context)->warnings(), IsEmpty());
  // Both in one file.
  const std::string both = Write("both.pem", server_.KeyPem() + server_.CertificatePem());
  EXPECT_TRUE(TlsContext::Load({.certificate_file = both, .key_file = both, .client_ca_file = certificate}).ok());
}

TEST_F(TlsContextTest, AnExpiredCertificateIsUsedWithAWarning) {
  const TestCertificate old("old", nullptr, -60);
  const auto context = TlsContext::Load(
      {.certificate_file = Write("c.pem", old.CertificatePem()), .key_file = Write("k.pem", old.KeyPem())});
  ASSERT_TRUE(context.ok()) << context.status();
  EXPECT_THAT((*context)->warnings(), ElementsAre(HasSubstr("c.pem expired on 20")));
}

TEST_F(TlsContextTest, EveryErrorNamesItsFile) {
  const std::string certificate = Write("c.pem", server_.CertificatePem()), key = Write("k.pem", server_.KeyPem());
  const std::string none = folder_ + "/none.pem", text = Write("text.pem", "no PEM at all\n");
  EXPECT_THAT(Error({.certificate_file = none, .key_file = key}),
              HasSubstr("tls_certificate_file: " + none + " cannot be read (No such file or directory)"));
  EXPECT_THAT(Error({.certificate_file = folder_, .key_file = key}), HasSubstr("cannot be read (Is a directory)"));
  EXPECT_THAT(Error({.certificate_file = "/dev/zero", .key_file = key}),
              HasSubstr("tls_certificate_file: /dev/zero is a device, expected a regular file"));
  EXPECT_THAT(Error({.certificate_file = text, .key_file = key}), HasSubstr(text + " holds no certificate that can"));
  EXPECT_THAT(Error({.certificate_file = certificate, .key_file = none}), StartsWith("tls_key_file: " + none));
  EXPECT_THAT(Error({.certificate_file = certificate, .key_file = text}), HasSubstr(text + " holds no private key"));
  EXPECT_THAT(Error({.certificate_file = certificate, .key_file = Write("p.pem", server_.KeyPem("secret"))}),
              HasSubstr("without a passphrase"));
  EXPECT_THAT(Error({.certificate_file = certificate, .key_file = Write("o.pem", other_.KeyPem())}),
              HasSubstr("o.pem is not the key of the certificate in " + certificate));
  EXPECT_THAT(Error({.certificate_file = certificate, .key_file = key, .client_ca_file = none}),
              StartsWith("tls_client_ca_file: " + none));
  EXPECT_THAT(Error({.certificate_file = certificate, .key_file = key, .client_ca_file = text}),
              HasSubstr(text + " holds no certificate ("));
}

TEST_F(TlsContextTest, ABrokenReloadKeepsWhatIsThere) {
  const TlsConfig config = {.certificate_file = Write("c.pem", server_.CertificatePem()),
                            .key_file = Write("k.pem", server_.KeyPem())};
  const auto source = TlsSource::Load(config);
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_THAT((*source)->Files(), ElementsAre(config.certificate_file, config.key_file));
  const auto before = (*source)->Current();
  Write("c.pem", other_.CertificatePem());
  EXPECT_THAT(std::string((*source)->Reload().message()), HasSubstr("new connections get the certificate from before"));
  EXPECT_EQ((*source)->Current(), before);
  Write("k.pem", other_.KeyPem());
  EXPECT_TRUE((*source)->Reload().ok());
  EXPECT_NE((*source)->Current(), before);
  EXPECT_THAT((*source)->Current()->description(), HasSubstr("/CN=other"));
}

}  // namespace
}  // namespace lamina::server
