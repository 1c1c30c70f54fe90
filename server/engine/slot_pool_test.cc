#include "server/engine/slot_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace lamina::server {
namespace {

using std::chrono::milliseconds;
constexpr auto kNever = SlotPool::Clock::time_point::max();

SlotPool::Options Options(size_t slots, size_t queue_size = 10) {
  return {.owner = "model 'm' version 1", .slots = slots, .queue_size = queue_size};
}

/// Asks for a slot and keeps the answer.
class Asker {
 public:
  explicit Asker(SlotPool& pool, SlotPool::Clock::time_point deadline = kNever, const std::stop_token& token = {}) {
    pool.Acquire(deadline, token, [this](absl::StatusOr<size_t> slot) { answer_.set_value(std::move(slot)); });
  }
  bool Answered() const { return future_.wait_for(milliseconds(0)) == std::future_status::ready; }
  absl::StatusOr<size_t> Answer() { return future_.get(); }

 private:
  std::promise<absl::StatusOr<size_t>> answer_;
  std::future<absl::StatusOr<size_t>> future_ = answer_.get_future();
};

TEST(SlotPoolTest, GivesFreeSlotsAtOnceThenInOrderOfArrival) {
  Timer timer;
  SlotPool pool(Options(2), timer);
  Asker a(pool), b(pool), c(pool), d(pool);
  EXPECT_EQ(*a.Answer(), 0u);
  EXPECT_EQ(*b.Answer(), 1u);
  EXPECT_FALSE(c.Answered());
  pool.Release(1);
  EXPECT_EQ(*c.Answer(), 1u);
  EXPECT_FALSE(d.Answered());
  pool.Release(0);
  EXPECT_EQ(*d.Answer(), 0u);
}

TEST(SlotPoolTest, TriesWithoutWaiting) {
  Timer timer;
  SlotPool pool(Options(1), timer);
  EXPECT_EQ(pool.TryAcquire(), 0u);
  EXPECT_EQ(pool.TryAcquire(), std::nullopt);
  pool.Release(0);
  EXPECT_EQ(pool.TryAcquire(), 0u);
}

TEST(SlotPoolTest, RefusesWhenTheQueueIsFull) {
  Timer timer;
  SlotPool pool(Options(1, /*queue_size=*/1), timer);
  Asker running(pool), waiting(pool), refused(pool);
  const absl::Status status = refused.Answer().status();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("model 'm' version 1"));
  pool.Release(*running.Answer());
  EXPECT_EQ(*waiting.Answer(), 0u);
}

TEST(SlotPoolTest, DropsAWaiterAtItsDeadline) {
  Timer timer;
  SlotPool pool(Options(1), timer);
  Asker running(pool);
  Asker late(pool, SlotPool::Clock::now() + milliseconds(20));
  Asker patient(pool);
  EXPECT_TRUE(absl::IsDeadlineExceeded(late.Answer().status()));
  pool.Release(*running.Answer());
  EXPECT_EQ(*patient.Answer(), 0u) << "the slot goes to the one behind";
}

TEST(SlotPoolTest, DropsAWaiterAfterTheQueueTimeout) {
  Timer timer;
  auto options = Options(1);
  options.queue_timeout = milliseconds(20);
  SlotPool pool(options, timer);
  Asker running(pool), late(pool);
  const absl::Status status = late.Answer().status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("0.02 s"));
}

TEST(SlotPoolTest, DropsACancelledWaiter) {
  Timer timer;
  SlotPool pool(Options(1), timer);
  std::stop_source before, after;
  before.request_stop();
  Asker running(pool);
  Asker stopped_before(pool, kNever, before.get_token());
  EXPECT_TRUE(absl::IsCancelled(stopped_before.Answer().status()));
  Asker stopped_after(pool, kNever, after.get_token());
  EXPECT_FALSE(stopped_after.Answered());
  after.request_stop();
  EXPECT_TRUE(absl::IsCancelled(stopped_after.Answer().status()));
}

TEST(SlotPoolTest, NoSlotIsLostOrSharedAmongManyThreads) {
  constexpr size_t kSlots = 3;
  constexpr int kThreads = 8, kRequests = 300;
  Timer timer;
  auto options = Options(kSlots, /*queue_size=*/5);
  options.queue_timeout = milliseconds(1);
  SlotPool pool(options, timer);
  std::vector<std::atomic<bool>> taken(kSlots);
  std::atomic<int> answers = 0, runs = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kRequests; ++i) {
          std::stop_source source;
          pool.Acquire(kNever, source.get_token(), [&](absl::StatusOr<size_t> slot) {
            ++answers;
            if (!slot.ok()) return;
            EXPECT_FALSE(taken[*slot].exchange(true)) << "one slot, two holders";
            ++runs;
            std::this_thread::yield();
            taken[*slot] = false;
            pool.Release(*slot);
          });
          if (i % 3 == 0) source.request_stop();
        }
      });
    }
  }
  while (answers < kThreads * kRequests) std::this_thread::yield();  // the timer answers the last ones
  EXPECT_GT(runs, 0);
  Asker a(pool), b(pool), c(pool);
  EXPECT_TRUE(a.Answer().ok() && b.Answer().ok() && c.Answer().ok()) << "every slot is back";
}

// As requests do: the token, and what keeps the pool, go with the answer.
TEST(SlotPoolTest, AnAnswerMayComeAndTakeAllWithItBeforeAcquireReturns) {
  struct Request {
    std::shared_ptr<SlotPool> pool;
    std::stop_source source;
    std::stop_token cancelled = source.get_token();
  };
  Timer timer;
  std::atomic<int> answers = 0;
  constexpr int kTimes = 3000;
  for (int i = 0; i < kTimes; ++i) {
    auto pool = std::make_shared<SlotPool>(Options(1), timer);
    const size_t slot = *pool->TryAcquire();
    std::latch both(2);
    std::jthread releases([&both, slot, pool]() mutable {
      both.arrive_and_wait();
      pool->Release(slot);
      pool.reset();
    });
    auto request = std::make_unique<Request>(Request{.pool = std::move(pool)});
    const Request& of = *request;
    both.arrive_and_wait();
    of.pool->Acquire(kNever, of.cancelled,
                     [request = std::move(request), &answers](absl::StatusOr<size_t> got) mutable {
                       EXPECT_TRUE(got.ok()) << got.status();
                       ++answers;
                       request.reset();
                     });
  }
  EXPECT_EQ(answers, kTimes);
}

}  // namespace
}  // namespace lamina::server
