#include "server/threads/scheduled_time.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

namespace lamina::server {
namespace {

TEST(ScheduledTimeTest, ASleeperRunsLittleAndAWorkerMuch) {
  const auto before = ScheduledTimeOf(gettid());
  ASSERT_TRUE(before) << "this system keeps no such times";
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto slept = ScheduledTimeOf(gettid());
  ASSERT_TRUE(slept);
  EXPECT_LT(slept->ran - before->ran, std::chrono::milliseconds(50));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  auto now = *slept;
  while (now.ran - slept->ran < std::chrono::milliseconds(50) && std::chrono::steady_clock::now() < end) {
    now = ScheduledTimeOf(gettid()).value_or(now);
  }
  EXPECT_GE(now.ran - slept->ran, std::chrono::milliseconds(50));
}

TEST(ScheduledTimeTest, NobodysIsNotKnown) { EXPECT_FALSE(ScheduledTimeOf(-1)); }

}  // namespace
}  // namespace lamina::server
