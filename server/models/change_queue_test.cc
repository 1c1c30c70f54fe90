#include "server/models/change_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <vector>

namespace lamina::server {
namespace {

using std::chrono::steady_clock;
constexpr auto kNever = steady_clock::duration::zero();

TEST(ChangeQueueTest, ChangesAreMadeOneAtATimeInTheirOrder) {
  ChangeQueue queue([] {}, kNever);
  std::vector<int> made;  // without a lock: only the queue's thread writes
  std::latch done(50);
  for (int i = 0; i < 50; ++i) {
    queue.Add(
        [&made, i] {
          made.push_back(i);
          return i % 2 == 0 ? absl::OkStatus() : absl::NotFoundError(std::to_string(i));
        },
        [&done, i](const absl::Status& status) {
          EXPECT_EQ(status.ok(), i % 2 == 0);
          done.count_down();
        });
  }
  done.wait();
  ASSERT_EQ(made.size(), 50u);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(made[i], i);
}

TEST(ChangeQueueTest, ALongQueueIsRefusedAndAStoppedOneAnswersAll) {
  ChangeQueue queue([] {}, kNever);
  std::latch begun(1), go_on(1);
  std::atomic<int> made = 0, refused = 0, stopped = 0;
  const auto count = [&](const absl::Status& status) {
    if (status.ok()) ++made;
    if (absl::IsResourceExhausted(status)) ++refused;
    if (absl::IsUnavailable(status)) ++stopped;
  };
  queue.Add(
      [&] {
        begun.count_down();
        go_on.wait();
        return absl::OkStatus();
      },
      count);
  begun.wait();
  for (int i = 0; i < 102; ++i) queue.Add([] { return absl::OkStatus(); }, count);
  EXPECT_EQ(refused, 2);
  std::jthread stopper([&] { queue.Stop(); });
  // What comes while it stops is answered as well, whichever of the two comes first.
  go_on.count_down();
  stopper.join();
  queue.Add([] { return absl::OkStatus(); }, count);
  EXPECT_EQ(made + stopped, 102);
  EXPECT_GE(stopped, 1);
}

TEST(ChangeQueueTest, TheChoreIsDoneAtItsIntervalAndWhenAskedFor) {
  std::latch often(5), once(1);
  ChangeQueue polls(
      [&] {
        if (!often.try_wait()) often.count_down();
      },
      std::chrono::milliseconds(1));
  often.wait();
  polls.Stop();
  ChangeQueue waits([&] { once.count_down(); }, kNever);
  waits.Nudge();
  once.wait();
}

}  // namespace
}  // namespace lamina::server
