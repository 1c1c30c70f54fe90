#include "server/transport/unended_streams.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

nghttp2_frame_hd Frame(uint8_t type, int32_t id, uint8_t flags = 0) {
  return {.length = 0, .stream_id = id, .type = type, .flags = flags, .reserved = 0};
}

constexpr uint8_t kEnd = NGHTTP2_FLAG_END_STREAM;

TEST(UnendedStreamsTest, DataAndTrailersUntilTheEnd) {
  UnendedStreams streams(10);
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_HEADERS, 1)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_HEADERS, 3, kEnd)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_DATA, 1)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_HEADERS, 1, kEnd)));
  EXPECT_FALSE(streams.Note(Frame(NGHTTP2_HEADERS, 1, kEnd)));
  EXPECT_FALSE(streams.Note(Frame(NGHTTP2_DATA, 1)));
  EXPECT_FALSE(streams.Note(Frame(NGHTTP2_DATA, 3)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_DATA, 5))) << "it has not begun: nghttp2's business";
}

TEST(UnendedStreamsTest, NothingAfterTheClientsReset) {
  UnendedStreams streams(10);
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_HEADERS, 1)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_RST_STREAM, 1)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_RST_STREAM, 1)));
  EXPECT_FALSE(streams.Note(Frame(NGHTTP2_HEADERS, 1)));
  EXPECT_FALSE(streams.Note(Frame(NGHTTP2_DATA, 1)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_WINDOW_UPDATE, 1)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_PRIORITY, 1)));
}

TEST(UnendedStreamsTest, AnOlderStreamThatNeverBegan) {
  UnendedStreams streams(10);
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_HEADERS, 5)));
  EXPECT_FALSE(streams.Note(Frame(NGHTTP2_HEADERS, 3)));
}

TEST(UnendedStreamsTest, WhatIsForgottenMayStillCome) {
  UnendedStreams streams(2);
  for (const int32_t id : {1, 3, 5}) EXPECT_TRUE(streams.Note(Frame(NGHTTP2_HEADERS, id)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_DATA, 1)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_DATA, 3, kEnd)));
  EXPECT_FALSE(streams.Note(Frame(NGHTTP2_DATA, 3)));
  EXPECT_TRUE(streams.Note(Frame(NGHTTP2_DATA, 5, kEnd)));
}

}  // namespace
}  // namespace lamina::server
