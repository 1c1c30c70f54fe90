#include "server/transport/busy_polling.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lamina::server {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr microseconds kMost{200};

/// Polls, or not, through waits and periods of 50 ms that a test makes up.
class Polled {
 public:
  explicit Polled(microseconds most = kMost) : polling_(most) {}

  bool polls() const { return polling_.Time() > BusyPolling::Clock::duration(0); }

  void Wait(microseconds wait, int times = 1) {
    for (int i = 0; i < times; ++i) polling_.AfterWait(wait, polls() ? std::min(wait, kMost) : microseconds(0));
  }

  /// A client that asks 50 us after each answer, which takes 50 us. `waited`: for a core, in milliseconds, while the
  /// thread polls or not.
  ThreadGovernor::Period Period(int waited_polling, int waited_otherwise) {
    const bool polling = polls();
    Wait(microseconds(50), 500);
    return End(polling ? milliseconds(50) : milliseconds(25), milliseconds(polling ? waited_polling : waited_otherwise));
  }

  ThreadGovernor::Period End(milliseconds ran, milliseconds waited) {
    now_ += milliseconds(50);
    return polling_.AfterPeriod({.end = now_, .length = milliseconds(50), .ran = ran, .waited = waited});
  }

 private:
  BusyPolling::Clock::time_point now_ = BusyPolling::Clock::now();
  BusyPolling polling_;
};

TEST(BusyPollingTest, NotBeforeItIsWorthIt) {
  Polled polled;
  EXPECT_FALSE(polled.polls());
  polled.Wait(microseconds(100), 7);
  EXPECT_FALSE(polled.polls());
  polled.Wait(microseconds(100));
  EXPECT_TRUE(polled.polls());
}

TEST(BusyPollingTest, NobodyPollsWhileRequestsAreFarApart) {
  Polled polled;
  for (int i = 0; i < 100; ++i) {
    polled.Wait(milliseconds(1));
    polled.Wait(microseconds(100), 7);
    EXPECT_FALSE(polled.polls()) << "seven are too few for one long wait";
  }
}

TEST(BusyPollingTest, OneLongWaitAmongManyShortOnesDoesNotEndIt) {
  Polled polled;
  polled.Wait(microseconds(100), 100);
  polled.Wait(milliseconds(5));
  EXPECT_TRUE(polled.polls());
  polled.Wait(milliseconds(5));
  EXPECT_FALSE(polled.polls());
}

TEST(BusyPollingTest, PollsOnWhileACoreIsFree) {
  Polled polled;
  polled.Period(0, 0);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(polled.polls());
    polled.Period(0, 0);
  }
}

TEST(BusyPollingTest, WhoSharesItsCoreDoesNotPoll) {
  Polled polled;
  for (int i = 0; i < 100; ++i) {
    polled.Period(10, 10);
    EXPECT_FALSE(polled.polls());
  }
  polled.Period(0, 0);
  EXPECT_TRUE(polled.polls()) << "it was not to blame";
}

TEST(BusyPollingTest, WhoIsInTheWayTriesLessAndLessOften) {
  Polled polled;
  int polls = 0;
  for (int i = 0; i < 20 * 60; ++i) {
    polled.Period(10, 0);
    polls += polled.polls() ? 1 : 0;
  }
  // After 0.1, 0.2, ... 1.6 and from then on every 2 s.
  EXPECT_GE(polls, 25);
  EXPECT_LE(polls, 40);
}

TEST(BusyPollingTest, IsSoonPatientAgain) {
  Polled polled;
  for (int i = 0; i < 20 * 60; ++i) polled.Period(10, 0);
  for (int i = 0; i < 20 * 11; ++i) polled.Period(0, 0);
  ASSERT_TRUE(polled.polls());
  polled.Period(10, 10);
  EXPECT_FALSE(polled.polls());
  for (int i = 0; i < 3; ++i) polled.Period(0, 0);
  EXPECT_TRUE(polled.polls()) << "100 ms later";
}

TEST(BusyPollingTest, WhoIsBusyTakesMoreAtATimeWithoutIt) {
  Polled polled;
  polled.Period(0, 0);
  ASSERT_TRUE(polled.polls());
  polled.Wait(microseconds(5), 500);
  polled.End(milliseconds(50), milliseconds(0));
  EXPECT_FALSE(polled.polls()) << "47.5 of 50 ms were work";
  polled.Period(0, 0);
  EXPECT_TRUE(polled.polls());
}

TEST(BusyPollingTest, PollingIsNoWork) {
  Polled polled;
  polled.Period(0, 0);
  EXPECT_EQ(polled.Period(0, 0).ran, milliseconds(25));
}

TEST(BusyPollingTest, ZeroIsNever) {
  Polled polled(microseconds(0));
  polled.Wait(microseconds(0), 100);
  EXPECT_FALSE(polled.polls());
}

}  // namespace
}  // namespace lamina::server
