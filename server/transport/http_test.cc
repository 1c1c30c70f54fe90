// HTTP/1.1 and HTTP/2 without gRPC over real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "server/transport/compression.h"
#include "server/transport/testing/client_socket.h"
#include "server/transport/testing/http2_client.h"
#include "server/transport/testing/inflated.h"
#include "server/transport/testing/test_server.h"

namespace lamina::server {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string Get(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}

std::string Post(const std::string& body, const std::string& more = "") {
  return "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" +
         body;
}

TEST(Http1Test, AnswersAndKeepsTheConnection) {
  TestServer server;
  ClientSocket client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.Send(Get("/a/b?c=d"));
    const std::string response = client.ReceiveUntil("GET /a/b?c=d ");
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_THAT(response, HasSubstr("\r\nContent-Type: text/plain\r\n"));
    EXPECT_THAT(response, HasSubstr("\r\nContent-Length: 13\r\n"));
  }
  client.Send(Get("http://h/x", "Connection: close\r\n"));
  const std::string last = client.ReceiveAll();
  EXPECT_THAT(last, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(last, EndsWith("GET /x "));
}

TEST(Http1Test, AClientThatCloses) {
  TestServer server;
  for (const std::string& sent : {std::string(), Get("/x"), Get("/x") + "GET /ha"}) {
    ClientSocket client(server.port());
    client.Send(sent);
    if (!sent.empty()) client.ReceiveUntil("GET /x ");
    const auto began = std::chrono::steady_clock::now();
    client.EndSending();
    EXPECT_EQ(client.ReceiveAll(), "");
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(2000)) << "after '" << sent << "'";
  }
}

TEST(Http1Test, RequestsSentAheadAreAnsweredInOrder) {
  TestServer server;
  ClientSocket client(server.port());
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += Get("/" + std::to_string(i)) + Post("body" + std::to_string(i));
  requests += Get("/last", "Connection: close\r\n");
  client.Send(requests);
  const std::string all = client.ReceiveAll();
  size_t at = 0;
  for (int i = 0; i < 200; ++i) {
    at = all.find("GET /" + std::to_string(i) + " HTTP/1.1 200 OK", at);
    ASSERT_NE(at, std::string::npos) << i;
    at = all.find("POST /p body" + std::to_string(i) + "HTTP/1.1 200 OK", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_THAT(all, EndsWith("GET /last "));
}

TEST(Http1Test, OneByteAtATime) {
  TestServer server;
  ClientSocket client(server.port());
  for (const char c : Post("abc") + Get("/next", "Connection: close\r\n")) client.Send({&c, 1});
  const std::string all = client.ReceiveAll();
  EXPECT_THAT(all, HasSubstr("POST /p abcHTTP/1.1 200"));
  EXPECT_THAT(all, EndsWith("GET /next "));
}

TEST(Http1Test, ChunkedBodies) {
  TestServer server;
  ClientSocket client(server.port());
  client.Send("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n");
  std::this_thread::sleep_for(milliseconds(20));
  client.Send("6\r\n world\r\n0\r\nTrailer: t\r\n\r\n" + Get("/x", "Connection: close\r\n"));
  const std::string all = client.ReceiveAll();
  EXPECT_THAT(all, HasSubstr("POST /c hello world"));
  EXPECT_THAT(all, EndsWith("GET /x "));
}

TEST(Http1Test, LargeBodies) {
  TestServer server;
  ClientSocket client(server.port());
  const std::string body(20'000'000, 'b');
  std::jthread sender([&] { client.Send(Post(body, "Connection: close\r\n")); });
  const std::string all = client.ReceiveAll();
  EXPECT_THAT(all.substr(0, 300), HasSubstr("Content-Length: 20000008"));
  EXPECT_TRUE(all.ends_with("POST /p " + body));
}

TEST(Http1Test, ContinueAndHead) {
  TestServer server;
  ClientSocket client(server.port());
  client.Send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReceiveUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("abc");
  EXPECT_THAT(client.ReceiveUntil("POST /p abc"), StartsWith("HTTP/1.1 200 OK\r\n"));
  client.Send("HEAD /h HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string head = client.ReceiveAll();
  EXPECT_THAT(head, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST(Http1Test, AnOldClient) {
  TestServer server;
  ClientSocket client(server.port());
  client.Send("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.ReceiveAll(), EndsWith("GET /old ")) << "the connection ends with the answer";
}

TEST(Http1Test, WhatIsNoRequestIsRefused) {
  TransportLimits limits;
  limits.max_message_bytes = 1000;
  limits.max_header_bytes = 1000;
  TestServer server(limits);
  const std::pair<std::string, const char*> kCases[] = {
      {"\x16\x03\x01 no TLS here\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\n\r\n", "400"},  // without Host
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", "400"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n", "413"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x'), "413"},
      {Get("/", "X: " + std::string(2000, 'x') + "\r\n"), "431"},
      {Post("x", "Content-Encoding: br\r\n"), "415"},
      {Post("x", "Content-Encoding: gzip\r\nConnection: close\r\n"), "400"},
  };
  for (const auto& [request, status] : kCases) {
    ClientSocket client(server.port());
    client.Send(request);
    const std::string response = std::string(status) == "415" ? client.ReceiveUntil("}") : client.ReceiveAll();
    EXPECT_THAT(response, StartsWith(std::string("HTTP/1.1 ") + status)) << request.substr(0, 80);
    EXPECT_THAT(response, HasSubstr("{\"error\":\""));
  }
}

TEST(Http1Test, CompressedInAndOut) {
  TestServer server;
  ClientSocket client(server.port());
  std::vector<Bytes> parts;
  parts.emplace_back(std::string(100'000, 'z'));
  client.Send(Post(std::string(Compress(Coding::kGzip, parts).text()),
                   "Content-Encoding: gzip\r\nAccept-Encoding: gzip, deflate\r\nConnection: close\r\n"));
  const std::string response = client.ReceiveAll();
  ASSERT_THAT(response.substr(0, 300), HasSubstr("\r\ncontent-encoding: gzip\r\n"));
  const std::string body = response.substr(response.find("\r\n\r\n") + 4);
  const auto plain = Inflated(Coding::kGzip, body, 1 << 20);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_TRUE(plain->text() == "POST /p " + std::string(100'000, 'z'));
}

TEST(Http1Test, SlowHeadersAndBodiesAreGivenUp) {
  TransportLimits limits;
  limits.header_timeout = limits.body_timeout = milliseconds(300);
  TestServer server(limits);
  for (const char* begin :
       {"G", "GET / HTTP/1.1\r\nHos", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"}) {
    ClientSocket client(server.port());
    client.Send(begin);
    EXPECT_EQ(client.ReceiveAll(), "") << begin;
  }
}

constexpr char kLongPost[] = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n";

/// Sends so many bytes every 50 ms until the server closes the connection; false: it did not in 20 s.
bool IsGivenUpWhileItSends(ClientSocket& client, size_t bytes) {
  for (int i = 0; i < 400; ++i) {
    if (!client.Send(std::string(bytes, 'x'))) return true;
    std::this_thread::sleep_for(milliseconds(50));
  }
  return false;
}

TEST(Http1Test, ATricklingBodyIsGivenUp) {
  TransportLimits limits;
  limits.body_timeout = milliseconds(300);
  TestServer server(limits);
  ClientSocket client(server.port());
  client.Send(kLongPost);
  EXPECT_TRUE(IsGivenUpWhileItSends(client, 1));
}

TEST(Http1Test, ABodyThatComesSteadilyIsNot) {
  TransportLimits limits;
  limits.body_timeout = milliseconds(1500);
  limits.body_progress_bytes = 1000;
  TestServer server(limits);
  ClientSocket client(server.port());
  client.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4000\r\nConnection: close\r\n\r\n");
  for (int i = 0; i < 8; ++i) {
    std::this_thread::sleep_for(milliseconds(400));
    ASSERT_TRUE(client.Send(std::string(500, 'x')));
  }
  EXPECT_THAT(client.ReceiveAll(), EndsWith("x"));
}

TEST(Http1Test, ABodyHasItsTimeFromWhenItIsWaitedFor) {
  TransportLimits limits;
  limits.body_timeout = milliseconds(2500);
  TestServer server(limits);
  ClientSocket client(server.port());
  client.Send(Get("/keep") + "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(server.WaitForKept(1));
  std::this_thread::sleep_for(milliseconds(3000));
  server.Release();
  std::this_thread::sleep_for(milliseconds(1500));  // the server looks once a second
  client.Send("abc");
  EXPECT_THAT(client.ReceiveAll(), EndsWith("POST /a abc"));
}

/// While memory is spent, nobody may be the only one who may go on for long.
TEST(Http1Test, WhoHoldsUpAllOthersIsGivenUp) {
  TransportLimits limits;
  limits.body_timeout = milliseconds(300);
  TestServer server(limits, /*memory=*/1'000'000);
  ClientSocket client(server.port());
  client.Send(kLongPost + std::string(1'200'000, 'x'));
  EXPECT_TRUE(IsGivenUpWhileItSends(client, 3'000));  // steady enough for itself
}

TEST(Http1Test, AClientThatDoesNotReadIsGivenUp) {
  TransportLimits limits;
  limits.write_timeout = milliseconds(500);
  TestServer server(limits);
  ClientSocket client(server.port());
  client.ReceiveLittle();
  client.Send(Post(std::string(30'000'000, 'x')));
  std::this_thread::sleep_for(milliseconds(2500));
  EXPECT_LT(client.ReceiveAll().size(), 30'000'000u);
}

TEST(Http1Test, AClientThatLeavesStopsTheService) {
  TestServer server;
  {
    ClientSocket client(server.port());
    client.Send(Get("/keep"));
    EXPECT_TRUE(server.WaitForKept(1));
  }
  EXPECT_TRUE(server.WaitForKept(0));
}

TEST(Http1Test, DrainAnswersAndCloses) {
  TestServer server;
  ClientSocket busy(server.port()), idle(server.port());  // on the first loop, which is told first, and the next
  idle.Send(Get("/a"));
  idle.ReceiveUntil("GET /a ");
  busy.Send(Get("/keep"));
  ASSERT_TRUE(server.WaitForKept(1));
  std::jthread drain([&] { server.transport().Drain(std::chrono::seconds(20)); });
  EXPECT_EQ(idle.ReceiveAll(), "");
  server.Release();
  const std::string response = busy.ReceiveAll();
  EXPECT_THAT(response, HasSubstr("Connection: close"));
  EXPECT_THAT(response, EndsWith("GET /keep "));
}

TEST(Http1Test, MoreConnectionsThanMayBe) {
  TransportLimits limits;
  limits.max_connections = 2;
  TestServer server(limits);
  ClientSocket one(server.port()), two(server.port());
  one.Send(Get("/1"));
  two.Send(Get("/2"));
  EXPECT_THAT(one.ReceiveUntil("GET /1 "), HasSubstr("200 OK"));
  EXPECT_THAT(two.ReceiveUntil("GET /2 "), HasSubstr("200 OK"));
  ClientSocket three(server.port());
  EXPECT_EQ(three.ReceiveAll(), "");
}

TEST(Http2Test, RequestsThatAreNoGrpc) {
  TestServer server;
  Http2Client client(server.port());
  const Http2Client::Headers headers = {
      {":method", "POST"}, {":scheme", "http"}, {":path", "/a?b"}, {":authority", "h"}, {"x-own", "1"}};
  const auto& response = client.Wait(client.Send(headers, std::string(100'000, 'x')));
  EXPECT_EQ(response.headers.at(":status"), "200");
  EXPECT_EQ(response.headers.at("content-type"), "text/plain");
  EXPECT_TRUE(response.body == "POST /a?b " + std::string(100'000, 'x'));
  auto head = headers;
  head[0].second = "HEAD";
  const auto& none = client.Wait(client.Send(head, ""));
  EXPECT_EQ(none.headers.at("content-length"), "9");
  EXPECT_EQ(none.body, "");
}

std::string Frame(size_t size, char type, char flags, uint32_t stream, const std::string& payload) {
  const auto byte = [](size_t value) { return static_cast<char>(value & 0xFF); };
  return std::string{byte(size >> 16), byte(size >> 8), byte(size), type, flags} +
         std::string{byte(stream >> 24), byte(stream >> 16), byte(stream >> 8), byte(stream)} + payload;
}

// Each request above the limit of streams is answered with a frame that refuses it.
TEST(Http2Test, AClientThatDoesNotReadIsNotReadFrom) {
  constexpr char kHeaders = 1, kEndOfAll = 5, kSettings = 4;
  TransportLimits limits;
  limits.max_streams = 1;
  TestServer server(limits);
  ClientSocket client(server.port());
  client.ReceiveLittle();
  client.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(0, kSettings, 0, 0, ""));
  // POST https /keep, as HPACK's static table has the first two.
  const std::string keep = "\x83\x87\x04\x05/keep";
  std::string requests;
  for (uint32_t stream = 1; requests.size() < 30'000'000; stream += 2)
    requests += Frame(keep.size(), kHeaders, kEndOfAll, stream, keep);
  EXPECT_LT(client.SendWhatIsTaken(requests), 20'000'000u);
  server.Release();
}

TEST(Http2Test, GarbageAfterThePrefaceEndsTheConnection) {
  TestServer server;
  ClientSocket client(server.port());
  client.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string(1000, '\xFF'));
  client.ReceiveAll();  // returns, as the server closes
  ClientSocket other(server.port());
  other.Send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
  other.ReceiveAll();
  Http2Client good(server.port());
  EXPECT_EQ(good.Wait(good.Send(Http2Client::Grpc("/t.S/Echo"), Http2Client::Framed("x"))).headers.at("grpc-status"),
            "0");
}

}  // namespace
}  // namespace lamina::server
