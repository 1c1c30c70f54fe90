#include "server/engine/least_times.h"

#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace lamina::server {
namespace {

using std::chrono::milliseconds;

void UseCpu(milliseconds time) {
  const auto used = [] {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  };
  for (const auto end = used() + time; used() < end;) {
  }
}

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

/// Others have the cores four fifths of the time.
TEST(LeastTimesTest, WaitingForACoreDoesNotCount) {
  std::vector<std::jthread> others;
  for (unsigned i = 0; i < 4 * std::max(1u, std::thread::hardware_concurrency()); ++i) {
    others.emplace_back([](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
      }
    });
  }
  LeastTimes times;
  const auto began = std::chrono::steady_clock::now();
  const LeastTimes::One one;
  UseCpu(milliseconds(100));
  times.Add(one);
  const auto clock = std::chrono::steady_clock::now() - began;
  EXPECT_GE(times.cpu(), milliseconds(100));
  EXPECT_GE(times.own(), times.cpu());
  EXPECT_LT(times.own(), clock / 2) << "in all it took " << std::chrono::duration<double>(clock).count() << " s";
}

}  // namespace
}  // namespace lamina::server
