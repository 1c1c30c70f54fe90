#include "server/transport/loop_threads.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "server/transport/testing/allocation_limit.h"

namespace lamina::server {
namespace {

class LoopThreadsTest : public ::testing::Test {
 protected:
  /// Without a period nobody governs.
  void Start(int count, std::chrono::milliseconds period = std::chrono::hours(1)) {
    for (int i = 0; i < count; ++i) loops_.push_back(*EventLoop::Make());
    auto made = LoopThreads::Start(loops_, period);
    ASSERT_TRUE(made.ok()) << made.status();
    threads_ = *std::move(made);
  }

  ~LoopThreadsTest() override {
    for (const auto& loop : loops_) loop->Stop();
  }

  std::thread::id ThreadOf(EventLoop& loop) {
    std::promise<std::thread::id> id;
    loop.Post([&] { id.set_value(std::this_thread::get_id()); });
    return id.get_future().get();
  }

  /// How many threads run the loops, when all have looked at what they are to run.
  size_t Count() {
    std::set<std::thread::id> ids;
    for (const auto& loop : loops_) ids.insert(ThreadOf(*loop));
    return ids.size();
  }

  bool ComesTo(size_t count) {
    for (int i = 0; i < 1000 && Count() != count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return Count() == count;
  }

  std::vector<std::shared_ptr<EventLoop>> loops_;
  std::unique_ptr<LoopThreads> threads_;
};

TEST_F(LoopThreadsTest, OneThreadRunsAllLoopsAtFirst) {
  Start(3);
  EXPECT_EQ(Count(), 1u);
}

TEST_F(LoopThreadsTest, LoopsMoveToOtherThreadsAndBack) {
  Start(3);
  for (int i = 0; i < 20; ++i) {
    threads_->SetActive(3);
    EXPECT_TRUE(ComesTo(3));
    threads_->SetActive(2);
    EXPECT_TRUE(ComesTo(2));
    threads_->SetActive(1);
    EXPECT_TRUE(ComesTo(1));
  }
}

TEST_F(LoopThreadsTest, WithoutMemoryLoopsMoveAllTheSame) {
  Start(3, std::chrono::milliseconds(1));
  {
    const AllocationLimit limit(1);
    for (int i = 0; i < 30; ++i) {
      threads_->SetActive(1 + i % 3);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  EXPECT_GE(Count(), 1u) << "they go on";
}

TEST_F(LoopThreadsTest, NoCallIsLostOrMadeTwiceWhileLoopsMove) {
  Start(4);
  constexpr int kCalls = 20'000;
  std::vector<int> made(loops_.size(), 0), order(loops_.size(), 0);
  std::promise<void> all[4];
  for (int call = 0; call < kCalls; ++call) {
    if (call % 100 == 0) threads_->SetActive(1 + call / 100 % 4);
    for (size_t i = 0; i < loops_.size(); ++i) {
      loops_[i]->Post([&, i, call] {
        if (made[i]++ != call) ++order[i];
        if (call + 1 == kCalls) all[i].set_value();
      });
    }
  }
  for (auto& done : all) done.get_future().get();
  EXPECT_EQ(made, std::vector<int>(4, kCalls));
  EXPECT_EQ(order, std::vector<int>(4, 0)) << "calls out of turn";
}

TEST_F(LoopThreadsTest, TimersGoWithTheirLoop) {
  Start(2);
  std::promise<void> due;
  loops_[1]->Post([&] {
    loops_[1]->timers().At(EventLoop::Clock::now() + std::chrono::milliseconds(50), [&] { due.set_value(); });
  });
  ThreadOf(*loops_[1]);
  threads_->SetActive(2);
  EXPECT_EQ(due.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(LoopThreadsTest, EndsWithItsLoopsWhoeverRunsThem) {
  Start(3);
  threads_->SetActive(3);
  for (const auto& loop : loops_) loop->Stop();
  threads_.reset();
  for (const auto& loop : loops_) EXPECT_TRUE(loop->ended());
}

}  // namespace
}  // namespace lamina::server
