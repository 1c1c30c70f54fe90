#include "server/transport/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "server/transport/testing/client_socket.h"
#include "server/transport/testing/run_loop.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;

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

std::string Refused(const std::string& address, int port) {
  return std::string(Listener::Bind({.text = address}, port).status().message());
}

TEST(ListenerTest, ARefusalSaysWhatToDo) {
  const auto other = Listener::Bind({.text = "127.0.0.1"}, 0);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_THAT(Refused("127.0.0.1", (*other)->port()), HasSubstr("(Address already in use): the port is taken; "));
  for (const char* address : {"192.0.2.1", "no-such-name.invalid"})
    EXPECT_THAT(Refused(address, 0), HasSubstr("no address of this machine; correct --grpc_bind_address or "))
        << address;
}

TEST(ListenerTest, PortsBelow1024AreForRoot) {
  const pid_t child = fork();
  if (child == 0) {  // as another user than root
    if (geteuid() == 0 && setuid(65534) != 0) _exit(2);
    const std::string said = Refused("127.0.0.1", 1);
    _exit(said.empty() || said.find("CAP_NET_BIND_SERVICE") != std::string::npos ? 0 : 1);  // some machines let all
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace lamina::server
