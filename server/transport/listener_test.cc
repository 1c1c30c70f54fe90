#include "server/transport/listener.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

#include "server/transport/testing/client_socket.h"
#include "server/transport/testing/run_loop.h"

namespace lamina::server {
namespace {

int Option(const FileDescriptor& socket, int level, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(getsockopt(socket.get(), level, option, &value, &size), 0);
  return value;
}

TEST(ListenerTest, AcceptedSocketsNoticeAClientThatHasGone) {
  auto listener = Listener::Bind({.text = "127.0.0.1"}, 0);
  ASSERT_TRUE(listener.ok()) << listener.status();
  const auto loop = EventLoop::Make();
  ASSERT_TRUE(loop.ok()) << loop.status();
  FileDescriptor accepted;
  const auto accept = [&](FileDescriptor socket) {
    accepted = std::move(socket);
    (*loop)->Stop();
  };
  ASSERT_TRUE((*listener)->Start(**loop, accept).ok());
  const ClientSocket client((*listener)->port());
  RunLoop(**loop);
  ASSERT_GE(accepted.get(), 0);
  EXPECT_EQ(Option(accepted, SOL_SOCKET, SO_KEEPALIVE), 1);
  const int gone_after_s = Option(accepted, IPPROTO_TCP, TCP_KEEPIDLE) +
                           Option(accepted, IPPROTO_TCP, TCP_KEEPINTVL) * Option(accepted, IPPROTO_TCP, TCP_KEEPCNT);
  EXPECT_EQ(gone_after_s, 120);
}

}  // namespace
}  // namespace lamina::server
