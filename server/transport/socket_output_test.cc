#include "server/transport/socket_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <string>

#include "server/transport/file_descriptor.h"

namespace lamina::server {
namespace {

/// Two ends of a connection. The sender's does not block.
struct SocketPair {
  SocketPair() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    sender = FileDescriptor(ends[0]);
    receiver = FileDescriptor(ends[1]);
    fcntl(sender.get(), F_SETFL, O_NONBLOCK);
  }

  /// Up to `most` bytes of what has been sent.
  std::string Receive(size_t most) const {
    std::string bytes(most, '\0');
    const ssize_t count = recv(receiver.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(count > 0 ? static_cast<size_t>(count) : 0);
    return bytes;
  }

  FileDescriptor sender, receiver;
};

/// Every byte tells where it stands.
std::string Numbers(size_t from, size_t count) {
  std::string bytes(count, '\0');
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>((from + i) * 2654435761u >> 13);
  return bytes;
}

void Add(SocketOutput& output, const std::string& bytes, bool copy) {
  if (copy) return output.Append(bytes);
  const auto owner = std::make_shared<const std::string>(bytes);
  output.AppendReference(std::as_bytes(std::span(*owner)), owner);
}

// A connection that is never idle: there is always something left to send.
TEST(SocketOutputTest, MemoryFollowsWhatIsPendingNotWhatWasSent) {
  constexpr size_t kAtATime = 10'000, kPending = 1'000'000, kAll = 100'000'000;
  const SocketPair sockets;
  SocketOutput output;
  size_t added = 0, received = 0;
  for (size_t turn = 0; received < kAll; ++turn) {
    for (; output.pending() < kPending; added += kAtATime)
      Add(output, Numbers(added, kAtATime), /*copy=*/added / kAtATime % 7 != 0);
    ASSERT_NE(output.WriteTo(sockets.sender.get()), SocketOutput::Result::kSocketBroken);
    ASSERT_GT(output.pending(), 0u);
    ASSERT_LE(output.copied(), 8 * kPending) << "after " << received << " bytes";
    const std::string bytes = sockets.Receive(1 + turn * 7919 % 300'000);
    ASSERT_TRUE(bytes == Numbers(received, bytes.size())) << "at byte " << received;
    received += bytes.size();
  }
}

TEST(SocketOutputTest, KeepsLittleWhenAllIsWritten) {
  const SocketPair sockets;
  SocketOutput output;
  output.Append(std::string(5'000'000, 'x'));
  size_t received = 0;
  while (output.WriteTo(sockets.sender.get()) != SocketOutput::Result::kAllWritten)
    received += sockets.Receive(1'000'000).size();
  while (received < 5'000'000) received += sockets.Receive(1'000'000).size();
  EXPECT_EQ(output.pending(), 0u);
  EXPECT_EQ(output.written(), 5'000'000u);
  EXPECT_LE(output.copied(), size_t{256} << 10);
}

}  // namespace
}  // namespace lamina::server
