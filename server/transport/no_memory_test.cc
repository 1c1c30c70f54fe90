// What is thrown for want of memory ends one request, or its connection, and is told where there is memory for that.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <new>
#include <string>
#include <thread>

#include "server/transport/testing/allocation_limit.h"
#include "server/transport/testing/client_socket.h"
#include "server/transport/testing/http2_client.h"
#include "server/transport/testing/test_server.h"

namespace lamina::server {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string Get(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}

TEST(NoMemoryTest, AServiceThatThrowsIsAnsweredFor) {
  TestServer server;
  ClientSocket client(server.port());
  client.Send(Get("/throw") + Get("/next", "Connection: close\r\n"));
  const std::string all = client.ReceiveAll();
  EXPECT_THAT(all, StartsWith("HTTP/1.1 429 "));
  EXPECT_THAT(all, HasSubstr("the server's memory ran out; ask for less at a time"));
  EXPECT_THAT(all, EndsWith("GET /next ")) << "the connection goes on";
}

TEST(NoMemoryTest, ARequestThatThereIsNoMemoryForIsRefused) {
  TestServer server;
  ClientSocket client(server.port());
  const std::string request = Get("/next", "X-Long: " + std::string(12'000, 'x') + "\r\n");
  client.Send(Get("/before"));
  client.ReceiveUntil("GET /before ");  // what the connection needs is there from now on
  {
    const AllocationLimit limit(8'000);
    client.Send(request);
    std::this_thread::sleep_for(milliseconds(300));
  }
  const std::string response = client.ReceiveAll();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 429 "));
  EXPECT_THAT(response, HasSubstr("the server's memory ran out"));
  EXPECT_THAT(response, HasSubstr("Connection: close"));
}

// From another thread: there is no request's call left that could end with it.
TEST(NoMemoryTest, AnAnswerThatThrowsClosesItsConnectionAlone) {
  TestServer server;
  ClientSocket client(server.port());
  client.Send(Get("/keep?20000"));
  ASSERT_TRUE(server.WaitForKept(1));
  {
    const AllocationLimit limit(100'000);
    const auto began = std::chrono::steady_clock::now();
    server.Release();
    EXPECT_EQ(client.ReceiveAll(), "");
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(5000)) << "it is not closed";
  }
  ClientSocket other(server.port());
  other.Send(Get("/next", "Connection: close\r\n"));
  EXPECT_THAT(other.ReceiveAll(), EndsWith("GET /next "));
}

TEST(NoMemoryTest, AnAnswerThatThrowsOverHttp2ClosesItsConnectionAlone) {
  TestServer server;
  Http2Client client(server.port()), other(server.port());
  const Http2Client::Headers keep = {
      {":method", "GET"}, {":scheme", "http"}, {":path", "/keep?20000"}, {":authority", "h"}};
  const int32_t stream = client.Send(keep, "");
  ASSERT_TRUE(server.WaitForKept(1));
  {
    const AllocationLimit limit(100'000);
    const auto began = std::chrono::steady_clock::now();
    server.Release();
    EXPECT_FALSE(client.Wait(stream).closed);
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(5000)) << "the connection is not closed";
  }
  EXPECT_EQ(other.Wait(other.Send(Http2Client::Grpc("/t.S/Echo"), Http2Client::Framed("x"))).body,
            Http2Client::Framed("x"));
}

TEST(NoMemoryTest, ADroppedRequestWithoutMemoryForItsAnswerEndsNobody) {
  const TestServer server;
  ClientSocket client(server.port());
  const std::string request = "GET /throw HTTP/1.1\r\nHost: h\r\n\r\n";
  client.Send(request);
  ASSERT_NE(client.ReceiveUntil("more memory"), "") << "what the connection needs is there from now on";
  {
    const AllocationLimit limit(65);  // the answer's sentence is longer
    client.Send(request);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
  EXPECT_EQ(client.ReceiveAll(), "") << "it does not wait for what does not come";
  ClientSocket other(server.port());
  other.Send("GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(other.ReceiveAll(), EndsWith("GET /next "));
}

TEST(NoMemoryTest, LaterAnswersWithoutMemoryEndTheirRequests) {
  TestServer server;
  Http2Client client(server.port());
  const int32_t call = client.Send(Http2Client::Grpc("/t.S/Keep"), Http2Client::Framed("x"));
  const int32_t request =
      client.Send({{":method", "GET"}, {":scheme", "http"}, {":path", "/keep"}, {":authority", "h"}}, "");
  ClientSocket http1(server.port());
  http1.Send("GET /keep HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(server.WaitForKept(3));
  {
    const AllocationLimit limit(1);
    EXPECT_THROW(server.Release(), std::bad_alloc);
  }
  EXPECT_EQ(client.Wait(call).error, static_cast<uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
  EXPECT_EQ(client.Wait(request).error, static_cast<uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
  EXPECT_EQ(http1.ReceiveAll(), "");
}

}  // namespace
}  // namespace lamina::server
