#include "server/transport/in_destructor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "server/transport/testing/allocation_limit.h"
#include "server/transport/testing/client_socket.h"
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
  ClientSocket other(server.port());
  other.Send("GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(other.ReceiveAll(), EndsWith("GET /next "));
}

}  // namespace
}  // namespace lamina::server
