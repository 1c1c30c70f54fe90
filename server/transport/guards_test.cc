// Tokens and CORS over real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "server/transport/testing/client_socket.h"
#include "server/transport/testing/http2_client.h"
#include "server/transport/testing/test_server.h"

namespace lamina::server {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr size_t kMemory = size_t{1} << 30;
constexpr char kToken[] = "authorization: Bearer secret\r\n";

Guards Tokens(bool cors = false) {
  const std::string path = testing::TempDir() + "/guards_test_tokens";
  std::ofstream(path, std::ios::trunc) << "secret\n";
  auto tokens = AccessTokens::Load(path);
  EXPECT_TRUE(tokens.ok()) << tokens.status();
  Guards guards{.tokens = *tokens};
  if (cors) guards.cors = std::make_shared<const CorsPolicy>(std::vector<std::string>{"https://page.example"});
  return guards;
}

std::string Request(const std::string& line, const std::string& more = "") {
  return line + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}

TEST(TokensTest, Http1) {
  TestServer server({}, kMemory, Tokens());
  ClientSocket client(server.port());
  client.Send(Request("GET /a"));
  const std::string refusal = client.ReceiveUntil("}");
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 401 Unauthorized\r\n"));
  EXPECT_THAT(refusal, HasSubstr("\r\nwww-authenticate: Bearer realm=\"lamina\"\r\n"));
  EXPECT_THAT(refusal, HasSubstr("{\"error\":\"this server asks for a token"));
  // The same connection goes on.
  client.Send(Request("GET /b", "Authorization: Bearer wrong\r\n"));
  EXPECT_THAT(client.ReceiveUntil("}"), HasSubstr("error=\"invalid_token\""));
  client.Send(Request("GET /c", kToken));
  EXPECT_THAT(client.ReceiveUntil("GET /c "), StartsWith("HTTP/1.1 200 OK\r\n"));
  client.Send(Request("GET /v2/health/live?x"));
  EXPECT_THAT(client.ReceiveUntil("GET /v2/health/live?x "), StartsWith("HTTP/1.1 200 OK\r\n"));
  client.Send(Request("OPTIONS /c", "Connection: close\r\n"));
  EXPECT_THAT(client.ReceiveAll(), StartsWith("HTTP/1.1 401 "));
}

TEST(TokensTest, ABodyIsNotWaitedFor) {
  TestServer server({}, kMemory, Tokens());
  ClientSocket client(server.port());
  client.Send("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 500000000\r\n\r\n");
  const std::string refusal = client.ReceiveAll();
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(refusal, HasSubstr("Connection: close"));
  EXPECT_EQ(server.memory().used(), 0u);
}

TEST(TokensTest, Http2AndGrpc) {
  TestServer server({}, kMemory, Tokens());
  Http2Client client(server.port());
  const Http2Client::Headers get = {{":method", "GET"}, {":scheme", "http"}, {":path", "/a"}, {":authority", "h"}};
  const auto& refused = client.Wait(client.Send(get, ""));
  EXPECT_EQ(refused.headers.at(":status"), "401");
  EXPECT_EQ(refused.headers.at("www-authenticate"), "Bearer realm=\"lamina\"");
  auto with_token = get;
  with_token.emplace_back("authorization", "Bearer secret");
  EXPECT_EQ(client.Wait(client.Send(with_token, "")).headers.at(":status"), "200");

  const std::string message = Http2Client::Framed("x");
  const auto& none = client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo"), message));
  EXPECT_EQ(none.headers.at("grpc-status"), "16");
  EXPECT_THAT(none.headers.at("grpc-message"), HasSubstr("asks for a token"));
  const auto& wrong =
      client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo", {{"authorization", "Bearer secre"}}), message));
  EXPECT_EQ(wrong.headers.at("grpc-status"), "16");
  const auto& right =
      client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo", {{"authorization", "Bearer secret"}}), message));
  EXPECT_EQ(right.headers.at("grpc-status"), "0");
  EXPECT_EQ(right.body, message);
  // Health is open; that this test's server has none is another matter.
  const auto& health = client.Wait(client.Send(Http2Client::Grpc("/grpc.health.v1.Health/Check"), message));
  EXPECT_EQ(health.headers.at("grpc-status"), "12");
}

TEST(TokensTest, ABodyOverHttp2IsNotKept) {
  TestServer server({}, kMemory, Tokens());
  Http2Client client(server.port());
  const std::string large(1'000'000, 'x');
  const auto& call = client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo"), large, /*end=*/false));
  EXPECT_EQ(call.headers.at("grpc-status"), "16");
  const Http2Client::Headers post = {{":method", "POST"}, {":scheme", "http"}, {":path", "/a"}, {":authority", "h"}};
  EXPECT_EQ(client.Wait(client.Send(post, large)).headers.at(":status"), "401");
  EXPECT_EQ(server.memory().used(), 0u);
}

TEST(CorsOverHttpTest, ABrowserWithAToken) {
  TestServer server({}, kMemory, Tokens(/*cors=*/true));
  ClientSocket client(server.port());
  const std::string origin = "Origin: https://page.example\r\n";
  client.Send(Request("OPTIONS /a", origin + "Access-Control-Request-Method: POST\r\n"
                                             "Access-Control-Request-Headers: authorization\r\n"));
  const std::string preflight = client.ReceiveUntil("\r\n\r\n");
  EXPECT_THAT(preflight, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(preflight, HasSubstr("\r\naccess-control-allow-origin: https://page.example\r\n"));
  EXPECT_THAT(preflight, HasSubstr("\r\naccess-control-allow-headers: authorization\r\n"));
  // The page can read why it was refused, and what it is answered.
  client.Send(Request("GET /b", origin));
  const std::string refusal = client.ReceiveUntil("}");
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(refusal, HasSubstr("\r\naccess-control-allow-origin: https://page.example\r\n"));
  client.Send(Request("GET /c", origin + kToken));
  const std::string answer = client.ReceiveUntil("GET /c ");
  EXPECT_THAT(answer, HasSubstr("\r\naccess-control-allow-origin: https://page.example\r\n"));
  EXPECT_THAT(answer, HasSubstr("access-control-expose-headers: inference-header-content-length"));
  client.Send(Request("GET /d", "Origin: https://evil.example\r\nConnection: close\r\n" + std::string(kToken)));
  const std::string other = client.ReceiveAll();
  EXPECT_THAT(other, EndsWith("GET /d "));
  EXPECT_THAT(other, Not(HasSubstr("access-control-allow-origin")));
}

TEST(CorsOverHttpTest, WithoutItThereIsNoneOfIt) {
  TestServer server;
  ClientSocket client(server.port());
  client.Send(Request("GET /a", "Origin: https://page.example\r\nConnection: close\r\n"));
  const std::string answer = client.ReceiveAll();
  EXPECT_THAT(answer, Not(HasSubstr("access-control")));
  EXPECT_THAT(answer, Not(HasSubstr("vary")));
}

}  // namespace
}  // namespace lamina::server
