#include "server/transport/event_loop.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

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
  std::thread([&] { loop.Run(); }).join();
  EXPECT_EQ(calls, 1) << "what was posted behind it";
}

}  // namespace
}  // namespace lamina::server
