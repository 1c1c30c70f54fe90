#include "server/protocols/wire/reply_pieces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace lamina::server {
namespace {

using testing::HasSubstr;

void Fill(std::span<std::byte> memory, char with) { std::memset(memory.data(), with, memory.size()); }

TEST(ReplyPiecesTest, WhatIsSmallIsOnePiece) {
  ReplyPieces reply;
  ASSERT_TRUE(reply.Prepare("y", 3, 5000, 2).ok());
  Fill(reply.Append(3), 'a');
  const std::span<std::byte> tensor = reply.AppendTensor(5000);
  Fill(reply.Append(2), 'c');
  Fill(tensor, 'b');
  const std::vector<Bytes> pieces = reply.Take();
  ASSERT_EQ(pieces.size(), 1u);
  EXPECT_EQ(pieces[0].text(), "aaa" + std::string(5000, 'b') + "cc");
}

TEST(ReplyPiecesTest, ALargeTensorIsAPieceOfItsOwnAndAligned) {
  ReplyPieces reply;
  Fill(reply.Append(3), 'a');
  const std::span<std::byte> tensor = reply.AppendTensor(ReplyPieces::kMergedUpTo + 1);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % Bytes::kAlignment, 0u);
  Fill(reply.Append(2), 'c');
  const std::vector<Bytes> pieces = reply.Take();
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[0].text(), "aaa");
  EXPECT_EQ(pieces[1].data(), tensor.data());
  EXPECT_EQ(pieces[1].size(), tensor.size());
  EXPECT_EQ(pieces[2].text(), "cc");
}

TEST(ReplyPiecesTest, WhatWasGivenStaysInPlace) {
  ReplyPieces reply;
  std::vector<std::span<std::byte>> given;
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    given.push_back(reply.Append(300));
    expected.append(300, static_cast<char>('A' + i % 26));
  }
  for (int i = 0; i < 100; ++i) Fill(given[i], static_cast<char>('A' + i % 26));
  std::string all;
  for (const Bytes& piece : reply.Take()) all += piece.text();
  EXPECT_EQ(all, expected);
}

TEST(ReplyPiecesTest, MoreThanProtobufCanReadIsRefused) {
  ReplyPieces reply;
  EXPECT_TRUE(reply.Prepare("y", 10, ReplyPieces::kMaxSize - 20, 10).ok());
  for (const size_t size : {ReplyPieces::kMaxSize - 19, SIZE_MAX}) {
    const absl::Status status = reply.Prepare("y", 10, size, 10);
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_THAT(std::string(status.message()), HasSubstr("output 'y' of " + std::to_string(size) + " bytes"));
  }
}

}  // namespace
}  // namespace lamina::server
