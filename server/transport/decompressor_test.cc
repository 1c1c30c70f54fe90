// What clients send compressed, over real sockets.

#include "server/transport/decompressor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "server/transport/testing/bomb.h"
#include "server/transport/testing/client_socket.h"
#include "server/transport/testing/http2_client.h"
#include "server/transport/testing/test_server.h"

namespace lamina::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr int kMostMegabytes = 128;
const Http2Client::Headers kGzip = {{"grpc-encoding", "gzip"}};

TransportLimits Limits() {
  TransportLimits limits;
  limits.max_message_bytes = size_t{kMostMegabytes} << 20;
  return limits;
}

std::string Post(const std::string& body, const std::string& more = "") {
  return "POST /p HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + more + "\r\n" + body;
}

std::string Compressed(const std::string& text) {
  std::vector<Bytes> parts;
  parts.emplace_back(text);
  return std::string(Compress(Coding::kGzip, parts).text());
}

std::string FramedCompressed(const std::string& compressed) {
  std::string framed = Http2Client::Framed(compressed);
  framed[0] = 1;
  return framed;
}

void BombOverHttp1(int port, const std::string& bomb) {
  ClientSocket client(port);
  client.Send(Post(bomb));
  const std::string answer = client.ReceiveUntil("}");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer, HasSubstr("decompressed, it is larger than the 134217728 bytes"));
}

void BombOverHttp2(int port, const std::string& bomb) {
  Http2Client client(port);
  const Http2Client::Headers headers = {
      {":method", "POST"}, {":scheme", "http"}, {":path", "/p"}, {":authority", "h"}, {"content-encoding", "gzip"}};
  const auto& answer = client.Wait(client.Send(headers, bomb));
  EXPECT_EQ(answer.headers.at(":status"), "413");
}

void BombOverGrpc(int port, const std::string& bomb, const std::string& method) {
  Http2Client client(port);
  const auto& answer = client.Wait(client.Send(Http2Client::Grpc(method, kGzip), FramedCompressed(bomb)));
  EXPECT_EQ(answer.headers.at("grpc-status"), "8");
  EXPECT_THAT(answer.headers.at("grpc-message"), HasSubstr("decompressed, it is larger than the 134217728 bytes"));
}

class BombTest : public testing::TestWithParam<std::function<void(int, const std::string&)>> {};

TEST_P(BombTest, OthersAreServedMeanwhileAndItsMemoryIsCounted) {
  TestServer server(Limits());
  const std::string bomb = Bomb(kMostMegabytes + 1);
  // On every loop, as they get connections in turn.
  std::vector<std::unique_ptr<ClientSocket>> others;
  for (unsigned i = 0; i < 1 + std::thread::hardware_concurrency(); ++i) {
    others.push_back(std::make_unique<ClientSocket>(server.port()));
  }
  std::atomic<bool> over = false;
  std::jthread bomber([&] {
    GetParam()(server.port(), bomb);
    over = true;
  });
  int answered = 0;
  size_t most = 0;
  while (!over) {
    for (const auto& other : others) {
      ASSERT_TRUE(other->Send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"));
      ASSERT_THAT(other->ReceiveUntil("GET /a "), StartsWith("HTTP/1.1 200 OK\r\n"));
    }
    const size_t used = server.memory().used();
    if (used > (size_t{10} << 20) && !over) ++answered;
    most = std::max(most, used);
  }
  EXPECT_GT(answered, 20) << "times on every loop, between the bomb's first 10 MB and its answer";
  EXPECT_GE(most, size_t{kMostMegabytes} << 20);
  EXPECT_LT(most, size_t{2 * kMostMegabytes} << 20);
  for (int i = 0; i < 1000 && server.memory().used() > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(server.memory().used(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Protocols, BombTest,
                         testing::Values(
                             BombOverHttp1, BombOverHttp2,
                             [](int port, const std::string& b) { BombOverGrpc(port, b, "/t.S/Echo"); },
                             [](int port, const std::string& b) { BombOverGrpc(port, b, "/t.S/Chat"); }));

TEST(DecompressorTest, LargeMessagesInOrder) {
  TestServer server;
  const std::string large(5'000'000, 'x');
  const std::string messages =
      FramedCompressed(Compressed(large)) + Http2Client::Framed("between") + FramedCompressed(Compressed(large + "y"));
  Http2Client client(server.port());
  const auto& streamed = client.Wait(client.Send(Http2Client::Grpc("/t.S/Chat", kGzip), messages));
  EXPECT_EQ(streamed.headers.at("grpc-status"), "0");
  EXPECT_TRUE(streamed.body ==
              Http2Client::Framed(large) + Http2Client::Framed("between") + Http2Client::Framed(large + "y"));
  const auto& unary =
      client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo", kGzip), FramedCompressed(Compressed(large))));
  EXPECT_TRUE(unary.body == Http2Client::Framed(large));
  const auto& two = client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo", kGzip), messages));
  EXPECT_EQ(two.headers.at("grpc-status"), "12") << "a unary call has one message";
  ClientSocket http(server.port());
  http.Send(Post(Compressed(large)) + Post(Compressed("little"), "Connection: close\r\n"));
  const std::string answers = http.ReceiveAll();
  EXPECT_NE(answers.find("POST /p " + large + "HTTP/1.1 200 OK"), std::string::npos);
  EXPECT_TRUE(answers.ends_with("POST /p little"));
}

TEST(DecompressorTest, WhoLeavesIsWaitedForNoLonger) {
  TestServer server(Limits());
  const std::string bomb = Bomb(kMostMegabytes + 1);
  {
    ClientSocket http(server.port());
    Http2Client grpc(server.port());
    http.Send(Post(bomb));
    grpc.Send(Http2Client::Grpc("/t.S/Echo", kGzip), FramedCompressed(bomb));
    for (int i = 0; i < 1000 && server.memory().used() < (size_t{20} << 20); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_GE(server.memory().used(), size_t{20} << 20);
  }
  const auto left = std::chrono::steady_clock::now();
  size_t most = 0;
  while (server.memory().used() > 0 && std::chrono::steady_clock::now() - left < std::chrono::seconds(10)) {
    most = std::max(most, server.memory().used());
  }
  EXPECT_EQ(server.memory().used(), 0u);
  EXPECT_LT(most, size_t{kMostMegabytes} << 20) << "they went on to their ends";
}

TEST(DecompressorTest, WhoSaysThatItSendsNoMoreIsToldThatItIsWaitedForNoLonger) {
  TestServer server(Limits());
  const std::string request = Post(Bomb(kMostMegabytes + 1));
  for (const bool at_once : {false, true}) {
    ClientSocket client(server.port());
    client.Send(request);
    for (int i = 0; i < 1000 && !at_once && server.memory().used() < (size_t{20} << 20); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    client.EndSending();
    const std::string answer = client.ReceiveAll();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 499 Client Closed Request\r\n")) << "at once: " << at_once;
    EXPECT_THAT(answer, HasSubstr("keep the connection open"));
  }
}

TEST(DecompressorTest, ADeadlineEndsIt) {
  TestServer server(Limits());
  Http2Client client(server.port());
  const auto headers = Http2Client::Grpc("/t.S/Echo", {{"grpc-encoding", "gzip"}, {"grpc-timeout", "20m"}});
  const auto& answer = client.Wait(client.Send(headers, FramedCompressed(Bomb(kMostMegabytes + 1))));
  EXPECT_EQ(answer.headers.at("grpc-status"), "4");
}

}  // namespace
}  // namespace lamina::server
