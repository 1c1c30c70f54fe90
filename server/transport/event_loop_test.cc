#include "server/transport/event_loop.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "server/transport/testing/run_loop.h"

namespace lamina::server {
namespace {

TEST(EventLoopTest, WhatThrowsDoesNotEndIt) {
  const auto made = EventLoop::Make();
  ASSERT_TRUE(made.ok()) << made.status();
  EventLoop& loop = **made;
  int calls = 0;
  loop.timers().At(TimerQueue::Clock::now(), [] { throw std::runtime_error("a timer"); });
  loop.timers().At(TimerQueue::Clock::now(), [&] {
    loop.Post([] { throw std::runtime_error("a posted call"); });
    loop.Post([&] { ++calls; });
    loop.Post([&] { loop.Stop(); });
  });
  std::thread([&] { RunLoop(loop); }).join();
  EXPECT_EQ(calls, 1) << "what was posted behind it";
}

/// Always ready. Notes in `order` what is asked of it: "r" events are there, "d" they are done, "e" the turn ends.
class Noting : public EventLoop::Watcher {
 public:
  Noting(EventLoop& loop, std::string& order) : loop_(loop), order_(order), fd_(eventfd(1, EFD_CLOEXEC)) {
    EXPECT_TRUE(loop.Add(fd_.get(), EPOLLIN, *this).ok());
  }

  void OnReady(uint32_t) override {
    order_ += 'r';
    loop_.AfterEvents(*this);
    loop_.Remove(fd_.get());
  }
  void OnEventsDone() override {
    order_ += 'd';
    loop_.AtTurnEnd(*this);
    if (again_) loop_.AfterEvents(*this);
    again_ = false;
  }
  void OnTurnEnd() override { order_ += 'e'; }

 private:
  EventLoop& loop_;
  std::string& order_;
  const FileDescriptor fd_;
  bool again_ = true;
};

TEST(EventLoopTest, ReadsFromAllThenServesAllThenSendsAll) {
  const auto made = EventLoop::Make();
  ASSERT_TRUE(made.ok()) << made.status();
  EventLoop& loop = **made;
  std::string order;
  std::vector<std::unique_ptr<Noting>> watchers;
  for (int i = 0; i < 3; ++i) watchers.push_back(std::make_unique<Noting>(loop, order));
  loop.Stop();
  RunLoop(loop);
  EXPECT_EQ(order, "rrrdddeeedddeee");
}

}  // namespace
}  // namespace lamina::server
