#include "server/transport/loop_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "server/threads/gathering.h"
#include "server/threads/watched_thread.h"
#include "server/transport/testing/allocation_limit.h"

namespace lamina::server {
namespace {

class LoopThreadsTest : public ::testing::Test {
 protected:
  /// Without a period nobody governs.
  void Start(int count, std::chrono::milliseconds period = std::chrono::hours(1)) {
    for (int i = 0; i < count; ++i) loops_.push_back(*EventLoop::Make());
    auto made = LoopThreads::Start(loops_, std::chrono::milliseconds(1), period);
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

/// Stands for a model.
struct Model {
  std::function<void()> run, answer;
  std::atomic<int> late = 0;
};

/// Its inferences, which a loop runs when all is read.
class Inferences final : public Gathering::Work {
 public:
  explicit Inferences(Model& model) : model_(model) {}
  void Add() { ++left_; }
  bool empty() const override { return left_ == 0; }
  absl::AnyInvocable<void()> Take() override {
    --left_;
    return [&model = model_] {
      {
        const WatchedThread::Call watched(model.late);
        model.run();
      }
      model.answer();
    };
  }

 private:
  Model& model_;
  int left_ = 0;
};

TEST_F(LoopThreadsTest, AnInferenceThatLastsHoldsUpNobody) {
  Start(3);
  std::promise<void> end, answered;
  std::promise<bool> in_loop, second;
  std::atomic<int> runs = 0, answers = 0;
  Model slow{.run =
                 [&] {
                   if (runs++ == 0) end.get_future().wait();
                 },
             .answer =
                 [&] {
                   if (answers++ == 0) return second.set_value(loops_[0]->InLoop());
                   in_loop.set_value(loops_[0]->InLoop());
                   loops_[0]->Post([&] { answered.set_value(); });
                 }};
  std::promise<bool> next;
  Model quick{.run = [] {}, .answer = [&] { next.set_value(loops_[0]->InLoop()); }};
  loops_[0]->Post([&] {
    Gathering::Current()->Of<Inferences>(slow).Add();
    Gathering::Current()->Of<Inferences>(slow).Add();
    Gathering::Current()->Of<Inferences>(quick).Add();
  });
  EXPECT_TRUE(second.get_future().get()) << "its model's next";
  EXPECT_TRUE(next.get_future().get()) << "another's";
  EXPECT_EQ(slow.late, 1);
  EXPECT_EQ(Count(), 1u);
  threads_->SetActive(3);
  EXPECT_TRUE(ComesTo(3));
  end.set_value();
  EXPECT_FALSE(in_loop.get_future().get());
  answered.get_future().get();
  EXPECT_EQ(slow.late, 0);
}

TEST_F(LoopThreadsTest, AThreadThatTookOverIsReplacedAsWell) {
  Start(2);
  constexpr int kTimes = 5;
  std::promise<void> end;
  const std::shared_future<void> ended = end.get_future().share();
  std::vector<std::unique_ptr<Model>> slow;
  std::atomic<int> answers = 0;
  std::set<std::thread::id> threads;
  for (int i = 0; i < kTimes; ++i) {
    slow.push_back(std::make_unique<Model>());
    std::promise<void> begun;
    slow.back()->run = [&begun, ended] {
      begun.set_value();
      ended.wait();
    };
    slow.back()->answer = [&] { ++answers; };
    loops_[1]->Post([&] { Gathering::Current()->Of<Inferences>(*slow.back()).Add(); });
    begun.get_future().wait();
    threads.insert(ThreadOf(*loops_[1]));
    EXPECT_EQ(slow.back()->late, 1);
  }
  EXPECT_EQ(threads.size(), size_t{kTimes});
  EXPECT_EQ(answers, 0);
  end.set_value();
  for (const auto& loop : loops_) loop->Stop();
  threads_.reset();
  EXPECT_EQ(answers, kTimes);
}

TEST_F(LoopThreadsTest, AThreadThatIsDoneTakesOverTheNextTime) {
  Start(1);
  const std::thread::id first = ThreadOf(*loops_[0]);
  const auto last_until_replaced = [&] {
    std::promise<void> end, answered, begun;
    Model slow{.run =
                   [&] {
                     begun.set_value();
                     end.get_future().wait();
                   },
               .answer = [&] { answered.set_value(); }};
    loops_[0]->Post([&] { Gathering::Current()->Of<Inferences>(slow).Add(); });
    begun.get_future().wait();
    const std::thread::id next = ThreadOf(*loops_[0]);
    end.set_value();
    answered.get_future().wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return next;
  };
  EXPECT_NE(last_until_replaced(), first);
  EXPECT_EQ(last_until_replaced(), first);
}

TEST_F(LoopThreadsTest, LoopsEndDuringAnInferenceThatLasts) {
  Start(2);
  std::promise<void> end, begun;
  std::atomic<bool> answered = false;
  Model slow{.run =
                 [&] {
                   begun.set_value();
                   end.get_future().wait();
                 },
             .answer = [&] { answered = true; }};
  loops_[0]->Post([&] { Gathering::Current()->Of<Inferences>(slow).Add(); });
  begun.get_future().wait();
  for (const auto& loop : loops_) loop->Stop();
  std::thread ends([&] {
    while (slow.late == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    end.set_value();
  });
  threads_.reset();
  EXPECT_TRUE(answered);
  ends.join();
}

}  // namespace
}  // namespace lamina::server
