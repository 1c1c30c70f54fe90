#include "server/transport/listeners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Side = Listeners::Side;

TransportConfig Config(const std::string& grpc, const std::string& rest = "::") {
  TransportConfig config;
  config.grpc_bind_address = grpc;
  config.rest_bind_address = rest;
  config.grpc_port = 0;
  return config;
}

/// A folder for sockets, whose paths have to be short.
class ListenersTest : public testing::Test {
 protected:
  ListenersTest() {
    char name[] = "/tmp/lamina_XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~ListenersTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(ListenersTest, OnePortForAllAddresses) {
  const auto listeners = Listeners::Bind(Config("127.0.0.1,127.0.0.2,unix:" + folder_ + "/s"));
  ASSERT_TRUE(listeners.ok()) << listeners.status();
  ASSERT_THAT(listeners->all, SizeIs(3));
  const int port = listeners->port(Side::kGrpc);
  EXPECT_GT(port, 0);
  EXPECT_EQ(listeners->all[1].socket->port(), port);
  EXPECT_EQ(listeners->all[2].socket->port(), 0);
  EXPECT_EQ(listeners->port(Side::kRest), 0);
  EXPECT_THAT(
      listeners->Texts(Side::kGrpc),
      ElementsAre("127.0.0.1:" + std::to_string(port), "127.0.0.2:" + std::to_string(port), "unix:" + folder_ + "/s"));
}

TEST_F(ListenersTest, WithoutAPortOnlyUnixSockets) {
  const auto listeners = Listeners::Bind(Config("unix:" + folder_ + "/a", "127.0.0.1,unix:" + folder_ + "/b"));
  ASSERT_TRUE(listeners.ok()) << listeners.status();
  EXPECT_EQ(listeners->port(Side::kGrpc), 0);
  EXPECT_THAT(listeners->Texts(Side::kGrpc), ElementsAre("unix:" + folder_ + "/a"));
  EXPECT_THAT(listeners->Texts(Side::kRest), ElementsAre("unix:" + folder_ + "/b"));
}

TEST_F(ListenersTest, WhatOnlyThisMachineReaches) {
  for (const auto& [address, local] : {std::pair("127.0.0.1", true), {"127.1.2.3", true}, {"0.0.0.0", false}}) {
    const auto listeners = Listeners::Bind(Config(address));
    ASSERT_TRUE(listeners.ok()) << listeners.status();
    EXPECT_EQ(listeners->all[0].socket->is_local(), local) << address;
  }
  const auto unix_socket = Listeners::Bind(Config("unix:" + folder_ + "/s"));
  EXPECT_TRUE(unix_socket->all[0].socket->is_local());
}

TEST_F(ListenersTest, AUnixSocketHasItsModeAndGoesWithItsServer) {
  const std::string path = folder_ + "/s";
  const mode_t before = umask(0);
  umask(077);
  {
    const auto listeners = Listeners::Bind(Config("unix:" + path));
    ASSERT_TRUE(listeners.ok()) << listeners.status();
    struct stat found{};
    ASSERT_EQ(lstat(path.c_str(), &found), 0);
    EXPECT_TRUE(S_ISSOCK(found.st_mode));
    EXPECT_EQ(found.st_mode & 0777, 0660u);
  }
  umask(before);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ListenersTest, ALiveSocketIsRefusedAndAStaleOneReplaced) {
  const std::string path = folder_ + "/s";
  {
    const auto first = Listeners::Bind(Config("unix:" + path));
    ASSERT_TRUE(first.ok()) << first.status();
    const auto second = Listeners::Bind(Config("unix:" + path));
    EXPECT_THAT(std::string(second.status().message()), HasSubstr("unix:" + path + ": another server listens there"));
    EXPECT_TRUE(std::filesystem::exists(path));
    // As after kill -9: the file stays, and nobody listens.
    std::filesystem::create_hard_link(path, path + "2");
  }
  const auto listeners = Listeners::Bind(Config("unix:" + path + "2"));
  EXPECT_TRUE(listeners.ok()) << listeners.status();
}

TEST_F(ListenersTest, TheFileOfAnotherServerStays) {
  const std::string path = folder_ + "/s";
  {
    const auto first = Listeners::Bind(Config("unix:" + path));
    ASSERT_TRUE(first.ok()) << first.status();
    std::filesystem::remove(path);
    std::ofstream(path) << "another's";
  }
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(ListenersTest, WhereThereCanBeNoSocket) {
  std::ofstream(folder_ + "/file") << "x";
  EXPECT_THAT(std::string(Listeners::Bind(Config("unix:" + folder_ + "/file")).status().message()),
              HasSubstr("/file: there is a file that is no socket"));
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/file"));
  EXPECT_THAT(std::string(Listeners::Bind(Config("unix:" + folder_ + "/none/s")).status().message()),
              HasSubstr("/none/s: No such file or directory; give a path in a folder"));
}

TEST_F(ListenersTest, APortThatIsTaken) {
  const auto first = Listeners::Bind(Config("127.0.0.1"));
  TransportConfig config = Config("127.0.0.1");
  config.grpc_port = first->port(Side::kGrpc);
  EXPECT_THAT(
      std::string(Listeners::Bind(config).status().message()),
      HasSubstr("cannot listen on 127.0.0.1:" + std::to_string(config.grpc_port) + " (Address already in use)"));
}

}  // namespace
}  // namespace lamina::server
