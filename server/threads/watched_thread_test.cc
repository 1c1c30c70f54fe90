#include "server/threads/watched_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace lamina::server {
namespace {

class WatchedThreadTest : public ::testing::Test {
 protected:
  /// A call that lasts until it is told to end; true if it was late.
  struct Lasting {
    Lasting(WatchedThread& watched, std::atomic<int>& late) {
      std::promise<void> begun;
      result = std::async(std::launch::async, [&] {
        const WatchedThread::Here here(watched);
        WatchedThread::Call call(late);
        begun.set_value();
        end.get_future().wait();
        const bool was_late = call.End();
        EXPECT_EQ(was_late, WatchedThread::ThisIsReplaced());
        return was_late;
      });
      begun.get_future().wait();
    }
    bool End() {
      end.set_value();
      return result.get();
    }
    std::promise<void> end;
    std::future<bool> result;
  };

  bool Look() {
    return watched_.Look([this] { return ++replacing_, can_replace_; });
  }

  int begun_ = 0, replacing_ = 0;
  bool can_replace_ = true;
  std::atomic<int> late_ = 0;
  WatchedThread watched_{[this] { ++begun_; }};
};

TEST_F(WatchedThreadTest, ShortCallsAreNotLateHoweverMany) {
  const WatchedThread::Here here(watched_);
  for (int i = 0; i < 10; ++i) {
    { const WatchedThread::Call call(late_); }
    const WatchedThread::Call call(late_);
    EXPECT_TRUE(Look());
  }
  EXPECT_EQ(replacing_, 0);
  EXPECT_FALSE(WatchedThread::ThisIsReplaced());
}

TEST_F(WatchedThreadTest, AThreadIsReplacedWhoseCallIsSeenThreeTimes) {
  Lasting call(watched_, late_);
  EXPECT_TRUE(Look());
  EXPECT_TRUE(Look());
  EXPECT_EQ(replacing_, 0);
  EXPECT_TRUE(Look());
  EXPECT_EQ(replacing_, 1);
  EXPECT_EQ(late_, 1);
  Look();
  EXPECT_EQ(replacing_, 1) << "once is enough";
  EXPECT_TRUE(call.End());
  EXPECT_EQ(late_, 0);
}

TEST_F(WatchedThreadTest, IsAskedForAgainIfNobodyTookOver) {
  can_replace_ = false;
  Lasting call(watched_, late_);
  for (int i = 0; i < 6; ++i) Look();
  EXPECT_EQ(replacing_, 2);
  EXPECT_EQ(late_, 0);
  EXPECT_FALSE(call.End());
}

TEST_F(WatchedThreadTest, SaysWhenThereIsSomethingToLookAt) {
  const WatchedThread::Here here(watched_);
  EXPECT_FALSE(Look());
  for (int i = 0; i < 3; ++i) const WatchedThread::Call call(late_);
  EXPECT_EQ(begun_, 1);
  EXPECT_TRUE(Look());
  EXPECT_FALSE(Look());
  { const WatchedThread::Call call(late_); }
  EXPECT_EQ(begun_, 2);
}

TEST_F(WatchedThreadTest, NobodyIsWatchedOtherwise) {
  WatchedThread::Call call(late_);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Look());
  EXPECT_FALSE(call.End());
  EXPECT_FALSE(WatchedThread::ThisIsReplaced());
}

}  // namespace
}  // namespace lamina::server
