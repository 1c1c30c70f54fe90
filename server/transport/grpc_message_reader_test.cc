#include "server/transport/grpc_message_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lamina::server {
namespace {

std::string Framed(const std::string& message, char flag = 0) {
  const size_t n = message.size();
  return std::string{flag, static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                     static_cast<char>(n)} +
         message;
}

class GrpcMessageReaderTest : public testing::Test {
 protected:
  std::vector<std::string> Read(GrpcMessageReader& reader, const std::string& bytes, size_t piece) {
    std::vector<std::string> messages;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      const std::string part = bytes.substr(at, piece);
      std::span<const std::byte> data = std::as_bytes(std::span(part));
      while (!data.empty()) {
        auto message = reader.Next(data);
        if (!message.ok()) {
          error_ = message.status();
          return messages;
        }
        if (*message) messages.emplace_back((*message)->received.bytes.text());
      }
    }
    return messages;
  }

  const std::shared_ptr<MemoryBudget> memory_ = std::make_shared<MemoryBudget>(size_t{1} << 30);
  absl::Status error_;
};

TEST_F(GrpcMessageReaderTest, MessagesInPiecesOfEverySize) {
  const std::vector<std::string> sent = {"", "one", std::string(1000, 'x'), "", "two"};
  std::string bytes;
  for (const std::string& message : sent) bytes += Framed(message);
  for (size_t piece = 1; piece < 40; ++piece) {
    GrpcMessageReader reader(Coding::kIdentity, 1000, memory_);
    EXPECT_EQ(Read(reader, bytes, piece), sent) << piece;
    EXPECT_TRUE(reader.AtBoundary());
  }
}

TEST_F(GrpcMessageReaderTest, MemoryFollowsWhatHasCome) {
  GrpcMessageReader reader(Coding::kIdentity, size_t{1} << 30, memory_);
  const std::string lie("\0\x3F\xFF\xFF\xFF", 5);  // a gigabyte
  EXPECT_TRUE(Read(reader, lie + std::string(100, 'x'), 1000).empty());
  EXPECT_FALSE(reader.AtBoundary());
  EXPECT_LE(memory_->used(), size_t{1} << 20);
  EXPECT_TRUE(Read(reader, std::string(3 << 20, 'x'), 1 << 20).empty());
  EXPECT_GE(memory_->used(), size_t{3} << 20);
  EXPECT_LE(memory_->used(), size_t{8} << 20);
}

TEST_F(GrpcMessageReaderTest, MemoryIsGivenBackWithTheMessage) {
  GrpcMessageReader reader(Coding::kIdentity, size_t{1} << 30, memory_);
  const std::string large = Framed(std::string(5'000'000, 'x'));
  std::span<const std::byte> data = std::as_bytes(std::span(large));
  {
    const auto message = reader.Next(data);
    ASSERT_TRUE(message.ok() && *message);
    EXPECT_EQ((*message)->received.bytes.size(), 5'000'000u);
    EXPECT_EQ(memory_->used(), 5'000'000u);
  }
  EXPECT_EQ(memory_->used(), 0u);
}

TEST_F(GrpcMessageReaderTest, ItSaysWhatIsCompressed) {
  GrpcMessageReader reader(Coding::kGzip, 10'000, memory_);
  const std::string both = Framed("not looked into", 1) + Framed("plain");
  std::span<const std::byte> data = std::as_bytes(std::span(both));
  for (const bool compressed : {true, false}) {
    const auto message = reader.Next(data);
    ASSERT_TRUE(message.ok() && *message) << message.status();
    EXPECT_EQ((*message)->compressed, compressed);
  }
}

TEST_F(GrpcMessageReaderTest, WhatIsRefused) {
  const struct {
    std::string bytes;
    absl::StatusCode code;
  } kCases[] = {{Framed("x", 2), absl::StatusCode::kInternal},
                {Framed("x", 1), absl::StatusCode::kInternal},
                {Framed(std::string(101, 'x')), absl::StatusCode::kResourceExhausted}};
  for (const auto& [bytes, code] : kCases) {
    GrpcMessageReader reader(Coding::kIdentity, 100, memory_);
    Read(reader, bytes, 3);
    EXPECT_EQ(error_.code(), code) << error_;
  }
}

}  // namespace
}  // namespace lamina::server
