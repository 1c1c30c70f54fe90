#include "server/config/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = ListenAddress::Kind;

std::vector<ListenAddress> Parsed(std::string_view list) {
  const auto addresses = ParseListenAddresses(list);
  EXPECT_TRUE(addresses.ok()) << addresses.status();
  return addresses.value_or(std::vector<ListenAddress>());
}

TEST(ListenAddressTest, EveryKind) {
  EXPECT_THAT(Parsed("::"), ElementsAre(ListenAddress{Kind::kTcp, "::"}));
  EXPECT_THAT(Parsed("127.0.0.1, [::1],localhost,unix:/run/a.sock,unix:here.sock,unix:///run/b.sock"),
              ElementsAre(ListenAddress{Kind::kTcp, "127.0.0.1"}, ListenAddress{Kind::kTcp, "::1"},
                          ListenAddress{Kind::kTcp, "localhost"}, ListenAddress{Kind::kUnix, "/run/a.sock"},
                          ListenAddress{Kind::kUnix, "here.sock"}, ListenAddress{Kind::kUnix, "/run/b.sock"}));
  EXPECT_EQ(Parsed("unix:" + std::string(107, 'p'))[0].text.size(), 107u);
}

TEST(ListenAddressTest, WhatIsNoAddress) {
  const std::pair<std::string, const char*> kCases[] = {
      {"", "no address is given"},
      {" , ", "no address is given"},
      {"127.0.0.1:9000", "'127.0.0.1:9000' has a port"},
      {"[::1]:9000", "'[::1]:9000' has a port"},
      {"http://host", "has a port"},
      {"a/b", "'a/b' is no address"},
      {"unix:", "names no file"},
      {"unix:/run/", "names no file"},
      {"127.0.0.1,::1,127.0.0.1", "'127.0.0.1' is named twice; name it once"},
      {"::1, [::1]", "'[::1]' is named twice"},
      {"unix:/run/a.sock,unix:///run/a.sock", "'unix:///run/a.sock' is named twice"},
      {"::1,unix:" + std::string(108, 'p'), "has a path of 108 bytes; a unix socket's has at most 107"},
  };
  for (const auto& [list, reason] : kCases) {
    EXPECT_THAT(std::string(ParseListenAddresses(list).status().message()), HasSubstr(reason)) << list;
  }
}

}  // namespace
}  // namespace lamina::server
