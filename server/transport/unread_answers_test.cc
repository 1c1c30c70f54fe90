// Clients that leave their answers unread, over real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/transport/testing/client_socket.h"
#include "server/transport/testing/http2_client.h"
#include "server/transport/testing/test_server.h"

namespace lamina::server {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr size_t kMost = 8'000'000;
const std::string kLarge(3'000'000, 'x'), kSmall(100'000, 'x');

TransportLimits Limits() {
  TransportLimits limits;
  limits.max_all_unsent_bytes = kMost;
  limits.crowded_write_timeout = std::chrono::seconds(60);  // a test may be slow
  return limits;
}

Http2Client::Headers Echo() { return Http2Client::Grpc("/t.S/Echo"); }

std::string Post(const std::string& body) {
  return "POST /p HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

/// Waits until clients have so many bytes to read, or no more than that; false: it took too long.
bool WaitForUnsent(TestServer& server, size_t least, size_t most) {
  for (int i = 0; i < 2000; ++i) {
    if (server.unsent().used() >= least && server.unsent().used() <= most) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

/// A client of which the server knows that no answer has room in its windows.
std::unique_ptr<Http2Client> Connect(const TestServer& server) {
  auto client = std::make_unique<Http2Client>(
      server.port(), std::vector<nghttp2_settings_entry>{{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0}});
  client->Wait(client->Send(Http2Client::Grpc("/t.S/Fail"), Http2Client::Framed("")));  // it knows the server's, too
  return client;
}

/// Clients that have been answered with a little more than may be kept, and read nothing of it.
class Greedy {
 public:
  explicit Greedy(TestServer& server) {
    for (size_t asked = kLarge.size(); asked < kMost + kLarge.size(); asked += kLarge.size()) {
      clients_.push_back(Connect(server));
      streams_.push_back(clients_.back()->Send(Echo(), Http2Client::Framed(kLarge)));
      EXPECT_TRUE(WaitForUnsent(server, asked, asked + 1000)) << server.unsent().used();
    }
  }

  size_t size() const { return clients_.size(); }
  const Http2Client::Response& Wait(size_t i) { return clients_[i]->Wait(streams_[i]); }

 private:
  std::vector<std::unique_ptr<Http2Client>> clients_;
  std::vector<int32_t> streams_;
};

TEST(UnreadAnswersTest, OfAllConnectionsAreBounded) {
  TestServer server(Limits());
  Greedy greedy(server);
  EXPECT_EQ(greedy.size(), 3u);
  // Whatever else is large is refused, in every protocol.
  for (int i = 0; i < 5; ++i) {
    const auto more = Connect(server);
    const auto& refused = more->Wait(more->Send(Echo(), Http2Client::Framed(kLarge)));
    EXPECT_EQ(refused.headers.at("grpc-status"), "8");
    EXPECT_THAT(refused.headers.at("grpc-message"), HasSubstr("this answer is too large now: clients of the server"));
  }
  Http2Client client(server.port());
  const auto& streamed = client.Wait(client.Send(Http2Client::Grpc("/t.S/Chat"), Http2Client::Framed(kLarge)));
  EXPECT_EQ(streamed.headers.at("grpc-status"), "8");
  const Http2Client::Headers post = {{":method", "POST"}, {":scheme", "http"}, {":path", "/p"}, {":authority", "h"}};
  EXPECT_EQ(client.Wait(client.Send(post, kLarge)).headers.at(":status"), "503");
  ClientSocket http(server.port());
  http.Send(Post(kLarge));
  const std::string refusal = http.ReceiveAll();
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(refusal, HasSubstr("this answer is too large now: clients of the server"));
  // What is small is served.
  EXPECT_EQ(client.Wait(client.Send(Echo(), Http2Client::Framed(kSmall))).body, Http2Client::Framed(kSmall));
  ClientSocket small(server.port());
  small.Send(Post(kSmall));
  EXPECT_THAT(small.ReceiveAll(), EndsWith("POST /p " + kSmall));
  EXPECT_LT(server.unsent().used(), kMost + kLarge.size());
}

TEST(UnreadAnswersTest, WhoReadsNothingIsGivenUpSoonerThen) {
  TransportLimits limits = Limits();
  limits.crowded_write_timeout = milliseconds(500);
  TestServer server(limits);
  Greedy greedy(server);
  EXPECT_TRUE(WaitForUnsent(server, 0, kMost - 1)) << server.unsent().used();
  Http2Client client(server.port());
  EXPECT_TRUE(client.Wait(client.Send(Echo(), Http2Client::Framed(kLarge))).body == Http2Client::Framed(kLarge));
}

TEST(UnreadAnswersTest, AnAnswerThatTookLongMayBeReadForAsLongAsOthers) {
  TransportLimits limits;
  limits.write_timeout = milliseconds(3000);
  TestServer server(limits);
  const auto client = Connect(server);
  const int32_t stream = client->Send(Http2Client::Grpc("/t.S/Keep"), Http2Client::Framed("x"));
  ASSERT_TRUE(server.WaitForKept(1));
  std::this_thread::sleep_for(limits.write_timeout);
  const auto released = std::chrono::steady_clock::now();
  server.Release();
  EXPECT_EQ(client->Wait(stream).error, static_cast<uint32_t>(NGHTTP2_CANCEL));
  EXPECT_GE(std::chrono::steady_clock::now() - released, limits.write_timeout);
}

/// What a client takes of its answer in five seconds.
std::string ReadSlowly(ClientSocket& client) {
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += client.Receive();
    std::this_thread::sleep_for(milliseconds(100));
  }
  return all;
}

/// Nothing is expected of a client while it has an answer to read: neither another request nor one's end.
TEST(UnreadAnswersTest, WhoReadsSlowlyIsLeftTheTimeForIt) {
  TransportLimits limits;
  limits.header_timeout = limits.idle_timeout = milliseconds(2500);
  TestServer server(limits);
  const std::string body(30'000'000, 'x'), next = "GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  for (const bool ahead : {false, true}) {
    ClientSocket client(server.port());
    client.ReceiveLittle(256 << 10);
    client.Send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 30000000\r\n\r\n" + body);
    if (ahead) client.Send(next);
    std::string all = ReadSlowly(client);
    if (!ahead) client.Send(next);
    all += client.ReceiveAll();
    EXPECT_GT(all.size(), body.size()) << "it is cut off; sent ahead: " << ahead;
    EXPECT_TRUE(all.ends_with("GET /next ")) << "sent ahead: " << ahead;
  }
}

TEST(UnreadAnswersTest, WhatIsInTheSocketsQueueCounts) {
  TestServer server(Limits());
  const std::string body(30'000'000, 'x');
  {
    ClientSocket client(server.port());
    client.ReceiveLittle();
    client.Send(Post(body));
    EXPECT_TRUE(WaitForUnsent(server, 15'000'000, body.size() + 1000)) << server.unsent().used();
  }
  EXPECT_TRUE(WaitForUnsent(server, 0, 0)) << "it has left";
}

}  // namespace
}  // namespace lamina::server
