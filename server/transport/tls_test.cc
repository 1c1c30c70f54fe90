// TLS over real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "server/transport/testing/allocation_limit.h"
#include "server/transport/testing/test_certificate.h"
#include "server/transport/testing/test_server.h"
#include "server/transport/testing/tls_client.h"

namespace lamina::server {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kBoth[] = "\x02h2\x08http/1.1", kHttp1[] = "\x08http/1.1", kOther[] = "\x05other";
constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const std::string kEmptySettings("\0\0\0\x04\0\0\0\0\0", 9);

std::string Get(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    folder_ = testing::TempDir() + "/tls_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
    config_ = {.certificate_file = authority_server_.WriteCertificate(folder_ + "/c.pem"),
               .key_file = authority_server_.WriteKey(folder_ + "/k.pem")};
  }

  Guards Load(bool mutual = false) {
    if (mutual) config_.client_ca_file = authority_.WriteCertificate(folder_ + "/ca.pem");
    auto source = TlsSource::Load(config_);
    EXPECT_TRUE(source.ok()) << source.status();
    source_ = *source;
    return {.tls = source_};
  }

  std::string folder_;
  const TestCertificate authority_{"authority"}, authority_server_{"server", &authority_};
  TlsConfig config_;
  std::shared_ptr<TlsSource> source_;
};

TEST_F(TlsTest, AlpnChooses) {
  TestServer server({}, size_t{1} << 30, Load());
  for (const auto& [offered, chosen] : {std::pair(kBoth, "h2"), {kHttp1, "http/1.1"}, {"", ""}}) {
    const TlsClient client(server.port(), {.protocols = offered});
    EXPECT_TRUE(client.connected()) << client.error();
    EXPECT_EQ(client.protocol(), chosen);
    EXPECT_EQ(client.server_name(), "server");
  }
  const TlsClient other(server.port(), {.protocols = kOther});
  EXPECT_FALSE(other.connected());
  EXPECT_THAT(other.error(), HasSubstr("no application protocol"));
}

TEST_F(TlsTest, Http1InBothVersions) {
  TestServer server({}, size_t{1} << 30, Load());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), {.max_version = version});
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(client.Send(Get("/a")));
      EXPECT_THAT(client.ReceiveUntil("GET /a "), StartsWith("HTTP/1.1 200 OK\r\n"));
    }
    client.Send(Get("/b", "Connection: close\r\n"));
    EXPECT_THAT(client.ReceiveAll(), EndsWith("GET /b "));
    EXPECT_TRUE(client.ended_properly());
  }
  const TlsClient old(server.port(), {.max_version = TLS1_1_VERSION});
  EXPECT_FALSE(old.connected());
  EXPECT_THAT(old.error(), HasSubstr("protocol version"));
}

TEST_F(TlsTest, Http2WithAndWithoutAlpn) {
  TestServer server({}, size_t{1} << 30, Load());
  for (const char* offered : {kBoth, ""}) {
    TlsClient client(server.port(), {.protocols = offered});
    client.Send(kPreface + kEmptySettings);
    const std::string settings = client.Receive();
    ASSERT_GT(settings.size(), 9u);
    EXPECT_EQ(settings[3], '\x04') << "SETTINGS";
  }
}

TEST_F(TlsTest, LargeBodiesAndSmallRecords) {
  TestServer server({}, size_t{1} << 30, Load());
  TlsClient client(server.port());
  const std::string body(20'000'000, 'b');
  client.Send("POST /p HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
  EXPECT_TRUE(client.ReceiveAll().ends_with("POST /p " + body));
  TlsClient slow(server.port());
  for (const char c : Get("/slow", "Connection: close\r\n")) slow.Send({&c, 1});
  EXPECT_THAT(slow.ReceiveAll(), EndsWith("GET /slow "));
}

TEST_F(TlsTest, AnAnswerWithoutMemoryToEncryptItEndsTheConnection) {
  TestServer server({}, size_t{1} << 30, Load());
  TlsClient client(server.port());
  const std::string body(1'000'000, 'b');
  client.Send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + body.substr(1));
  const auto begun = std::chrono::steady_clock::now();
  {
    const AllocationLimit limit(100'000);
    client.Send(body.substr(0, 1));
    EXPECT_LT(client.ReceiveAll().size(), body.size());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(8)) << "no timeout's time";
  TlsClient another(server.port());
  another.Send(Get("/b", "Connection: close\r\n"));
  EXPECT_THAT(another.ReceiveAll(), EndsWith("GET /b "));
}

TEST_F(TlsTest, AClientThatHasSaidAllIsStillAnswered) {
  TestServer server({}, size_t{1} << 30, Load());
  TlsClient client(server.port());
  client.Send(Get("/last", "Connection: close\r\n"));
  client.EndSending();
  EXPECT_THAT(client.ReceiveAll(), EndsWith("GET /last "));
}

TEST_F(TlsTest, ClientCertificates) {
  TestServer server({}, size_t{1} << 30, Load(/*mutual=*/true));
  const TestCertificate mine("mine", &authority_), stranger("stranger");
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), {.certificate_file = mine.WriteCertificate(folder_ + "/mine.pem"),
                                     .key_file = mine.WriteKey(folder_ + "/mine.key"),
                                     .max_version = version});
    client.Send(Get("/a"));
    EXPECT_THAT(client.ReceiveUntil("GET /a "), HasSubstr("200 OK")) << client.error();
    TlsClient without(server.port(), {.max_version = version});
    EXPECT_EQ(without.Receive(), "");
    EXPECT_THAT(without.error(), testing::AnyOf(HasSubstr("certificate required"), HasSubstr("handshake failure")));
    TlsClient wrong(server.port(), {.certificate_file = stranger.WriteCertificate(folder_ + "/stranger.pem"),
                                    .key_file = stranger.WriteKey(folder_ + "/stranger.key"),
                                    .max_version = version});
    EXPECT_EQ(wrong.Receive(), "");
    EXPECT_THAT(wrong.error(), testing::AnyOf(HasSubstr("unknown ca"), HasSubstr("bad certificate")));
  }
}

TEST_F(TlsTest, ANewCertificateIsForNewConnections) {
  TestServer server({}, size_t{1} << 30, Load());
  TlsClient before(server.port());
  const TestCertificate renewed("renewed");
  renewed.WriteCertificate(config_.certificate_file);
  EXPECT_FALSE(source_->Reload().ok()) << "its key is missing";
  EXPECT_EQ(TlsClient(server.port()).server_name(), "server");
  renewed.WriteKey(config_.key_file);
  ASSERT_TRUE(source_->Reload().ok());
  EXPECT_EQ(TlsClient(server.port()).server_name(), "renewed");
  before.Send(Get("/still"));
  EXPECT_THAT(before.ReceiveUntil("GET /still "), HasSubstr("200 OK"));
}

TEST_F(TlsTest, WhoSpeaksWithoutTlsIsTold) {
  TestServer server({}, size_t{1} << 30, Load());
  for (const std::string& request : {Get("/a"), kPreface + kEmptySettings}) {
    ClientSocket client(server.port());
    client.Send(request);
    const std::string refusal = client.ReceiveAll();
    EXPECT_THAT(refusal, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(refusal, EndsWith("{\"error\":\"this port speaks TLS: use https://, or a secure channel of gRPC\"}"));
  }
  for (const std::string& garbage : {"\0\1\2"s, "\x16\x03\x01\xff\xff garbage"s, "\x16\x03\x01\0\x05hello"s}) {
    ClientSocket client(server.port());
    client.Send(garbage);
    client.EndSending();
    client.ReceiveAll();  // returns, as the server closes
  }
}

TEST_F(TlsTest, ASlowHandshakeIsGivenUpAndHoldsUpNobody) {
  TransportLimits limits;
  limits.handshake_timeout = milliseconds(300);
  TestServer server(limits, size_t{1} << 30, Load());
  ClientSocket slow(server.port());
  slow.Send("\x16\x03\x01");
  TlsClient other(server.port());
  other.Send(Get("/a"));
  EXPECT_THAT(other.ReceiveUntil("GET /a "), HasSubstr("200 OK"));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(slow.ReceiveAll(), "");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

TEST_F(TlsTest, AClientThatDoesNotReadIsGivenUp) {
  TransportLimits limits;
  limits.write_timeout = milliseconds(500);
  TestServer server(limits, size_t{1} << 30, Load());
  TlsClient client(server.port());
  const std::string body(30'000'000, 'x');
  client.Send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  std::this_thread::sleep_for(milliseconds(2500));
  EXPECT_LT(client.ReceiveAll().size(), body.size());
}

TEST_F(TlsTest, DrainEndsConnectionsProperly) {
  TestServer server({}, size_t{1} << 30, Load());
  TlsClient idle(server.port()), silent(server.port()), busy(server.port());
  idle.Send(Get("/a"));
  idle.ReceiveUntil("GET /a ");
  busy.Send(Get("/keep"));
  ASSERT_TRUE(server.WaitForKept(1));
  std::jthread drain([&] { server.transport().Drain(std::chrono::seconds(20)); });
  EXPECT_EQ(idle.ReceiveAll(), "");
  EXPECT_TRUE(idle.ended_properly());
  EXPECT_EQ(silent.ReceiveAll(), "");
  server.Release();
  EXPECT_THAT(busy.ReceiveAll(), EndsWith("GET /keep "));
  EXPECT_TRUE(busy.ended_properly());
}

TEST(NoTlsTest, TlsToAPortWithoutItIsAnsweredInHttp) {
  TestServer server;
  const TlsClient client(server.port());
  EXPECT_FALSE(client.connected());
  EXPECT_THAT(client.error(), HasSubstr("wrong version number"));
}

}  // namespace
}  // namespace lamina::server
