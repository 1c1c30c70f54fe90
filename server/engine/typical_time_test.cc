#include "server/engine/typical_time.h"

#include <gtest/gtest.h>

#include <random>

namespace lamina::server {
namespace {

constexpr int64_t kMicrosecond = 1000;
constexpr int64_t kMillisecond = 1000 * kMicrosecond;

TEST(TypicalTimeTest, TheFirstIsNotTheModels) {
  TypicalTime time;
  EXPECT_EQ(time.ns(), 0);
  time.Add(80 * kMillisecond);
  EXPECT_EQ(time.ns(), 0);
  time.Add(6 * kMicrosecond);
  EXPECT_EQ(time.ns(), 6 * kMicrosecond);
  time.Add(3 * kMicrosecond);
  EXPECT_EQ(time.ns(), 3 * kMicrosecond);
}

/// On a machine that is busy one inference in ten loses its CPU, each for more than a model of microseconds ever takes.
TEST(TypicalTimeTest, LosingTheCpuNowAndThenDoesNotMakeAModelSlow) {
  TypicalTime time;
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    time.Add(random() % 10 == 0 ? 4 * kMillisecond : 5 * kMicrosecond);
    ASSERT_LT(time.ns(), 50 * kMicrosecond) << "after " << i;
  }
}

TEST(TypicalTimeTest, WhatIsSetCountsFromThenOn) {
  TypicalTime time;
  time.Add(80 * kMillisecond);
  time.Add(20 * kMillisecond);
  time.Set(6 * kMicrosecond);
  EXPECT_EQ(time.ns(), 6 * kMicrosecond);
  time.Add(4 * kMillisecond);
  EXPECT_LT(time.ns(), 10 * kMicrosecond);
}

TEST(TypicalTimeTest, AModelThatBecomesSlowIsFoundOutSoon) {
  TypicalTime time;
  for (int i = 0; i < 100; ++i) time.Add(5 * kMicrosecond);
  int requests = 0;
  for (; time.ns() < 250 * kMicrosecond; ++requests) time.Add(5 * kMillisecond);
  EXPECT_LE(requests, 20);
}

TEST(TypicalTimeTest, AModelThatIsQuickAgainIsFoundOutAsWell) {
  TypicalTime time;
  for (int i = 0; i < 100; ++i) time.Add(kMillisecond);
  int requests = 0;
  for (; time.ns() >= 250 * kMicrosecond; ++requests) time.Add(5 * kMicrosecond);
  EXPECT_LE(requests, 20);
}

}  // namespace
}  // namespace lamina::server
