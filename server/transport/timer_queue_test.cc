#include "server/transport/timer_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace lamina::server {
namespace {

using std::chrono::milliseconds;

TEST(TimerQueueTest, RunsWhatIsDueInOrder) {
  TimerQueue timers;
  std::vector<int> calls;
  const auto now = TimerQueue::Clock::now();
  EXPECT_EQ(timers.MillisecondsToNext(now), -1);
  timers.At(now + milliseconds(20), [&] { calls.push_back(2); });
  timers.At(now + milliseconds(10), [&] { calls.push_back(1); });
  const auto dropped = timers.At(now + milliseconds(5), [&] { calls.push_back(0); });
  timers.At(now + milliseconds(30), [&] { calls.push_back(3); });
  timers.Cancel(dropped);
  timers.Cancel(TimerQueue::Ticket());
  EXPECT_EQ(timers.MillisecondsToNext(now), 10);
  timers.RunDue(now + milliseconds(20));
  EXPECT_THAT(calls, testing::ElementsAre(1, 2));
  EXPECT_EQ(timers.MillisecondsToNext(now + milliseconds(29) + std::chrono::microseconds(1)), 1);
  EXPECT_EQ(timers.MillisecondsToNext(now + milliseconds(99)), 0);
}

TEST(TimerQueueTest, ACallMayAddAndCancelOthers) {
  TimerQueue timers;
  std::vector<int> calls;
  const auto now = TimerQueue::Clock::now();
  const auto other = timers.At(now + milliseconds(2), [&] { calls.push_back(2); });
  timers.At(now, [&] {
    calls.push_back(1);
    timers.Cancel(other);
    timers.At(now, [&] { calls.push_back(3); });  // of the next turn
  });
  timers.RunDue(now + milliseconds(5));
  EXPECT_THAT(calls, testing::ElementsAre(1));
  timers.RunDue(now + milliseconds(5));
  EXPECT_THAT(calls, testing::ElementsAre(1, 3));
}

}  // namespace
}  // namespace lamina::server
