#include "server/transport/in_destructor.h"

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

using testing::EndsWith;

TEST(InDestructorTest, ADroppedRequestWithoutMemoryForItsAnswerEndsNobody) {
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

TEST(InDestructorTest, LaterAnswersWithoutMemoryEndTheirRequests) {
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
