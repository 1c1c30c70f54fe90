#include "server/engine/least_times.h"

#include <gtest/gtest.h>

#include <thread>

namespace lamina::server {
namespace {

using std::chrono::milliseconds;

TEST(LeastTimesTest, WhatSleepsTakesTimeAndNoCpu) {
  LeastTimes times;
  for (int i = 0; i < 3; ++i) {
    const LeastTimes::One one;
    std::this_thread::sleep_for(milliseconds(20));
    times.Add(one);
  }
  EXPECT_GE(times.own(), milliseconds(20));
  EXPECT_LT(times.cpu(), milliseconds(10));
}

/// While others have the cores most of the time.
TEST(LeastTimesTest, WhoWaitsForACoreTakesNoTime) {
  std::vector<std::jthread> others;
  for (unsigned i = 0; i < 4 * std::max(1u, std::thread::hardware_concurrency()); ++i) {
    others.emplace_back([](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
      }
    });
  }
  LeastTimes times;
  const auto end = std::chrono::steady_clock::now() + milliseconds(500);
  while (std::chrono::steady_clock::now() < end) {
    const LeastTimes::One one;
    std::this_thread::yield();
    times.Add(one);
  }
  EXPECT_LT(times.own(), milliseconds(2));
  EXPECT_GE(times.own(), times.cpu());
  EXPECT_GT(times.cpu(), milliseconds(0));
}

}  // namespace
}  // namespace lamina::server
