#include "server/threads/timer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <latch>
#include <memory>
#include <vector>

namespace lamina::server {
namespace {

using std::chrono::milliseconds;

TEST(TimerTest, CallsInOrderOfTime) {
  Timer timer;
  std::latch done(3);
  std::vector<int> order;  // the timer's thread alone writes; the latch hands it over
  const auto now = Timer::Clock::now();
  timer.At(now + milliseconds(40), [&] { order.push_back(3), done.count_down(); });
  timer.At(now + milliseconds(20), [&] { order.push_back(2), done.count_down(); });
  timer.At(now, [&] { order.push_back(1), done.count_down(); });
  done.wait();
  EXPECT_GE(Timer::Clock::now(), now + milliseconds(40));
  EXPECT_THAT(order, testing::ElementsAre(1, 2, 3));
}

TEST(TimerTest, CancelDropsTheCallAndWhatItHolds) {
  Timer timer;
  auto held = std::make_shared<int>(1);
  std::latch later(1);
  const auto now = Timer::Clock::now();
  const auto ticket = timer.At(now + milliseconds(10), [held] { FAIL() << "cancelled calls are not made"; });
  timer.At(now + milliseconds(30), [&] { later.count_down(); });
  timer.Cancel(ticket);
  EXPECT_EQ(held.use_count(), 1);
  later.wait();
}

TEST(TimerTest, ACallMayUseTheTimer) {
  Timer timer;
  std::latch done(1);
  timer.At(Timer::Clock::now(), [&] { timer.At(Timer::Clock::now(), [&] { done.count_down(); }); });
  done.wait();
}

TEST(TimerTest, StopsWithCallsToCome) {
  auto held = std::make_shared<int>(1);
  {
    Timer timer;
    timer.At(Timer::Clock::now() + std::chrono::hours(1), [held] {});
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace lamina::server
