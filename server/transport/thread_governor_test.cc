#include "server/transport/thread_governor.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using std::chrono::milliseconds;

/// A governor whose threads run and wait for what a test says.
class Governed {
 public:
  explicit Governed(int most) : governor_(most) {}

  /// After `ms` milliseconds, in which all active threads together ran and waited for these parts of the time.
  int After(int ms, double ran, double waited) {
    now_ += milliseconds(ms);
    const std::chrono::duration<double, std::milli> length(ms);
    const auto part = [&](double of) { return std::chrono::duration_cast<std::chrono::nanoseconds>(of * length); };
    return governor_.Next({.end = now_, .length = milliseconds(ms), .ran = part(ran), .waited = part(waited)});
  }

 private:
  ThreadGovernor::Clock::time_point now_ = ThreadGovernor::Clock::now();
  ThreadGovernor governor_;
};

/// A minute in which one thread is busy and a second one only takes its core; returns how often there was a second.
int TryInVain(Governed& governed) {
  int grown = 0;
  for (int i = 0; i < 20 * 60; ++i) {
    if (governed.After(50, 0.95, 0.02) == 1) continue;
    ++grown;
    EXPECT_EQ(governed.After(50, 1.0, 0.6), 1);
  }
  return grown;
}

/// How many periods it takes one busy thread to get a second.
int PeriodsToGrow(Governed& governed) {
  int periods = 1;
  while (governed.After(50, 0.95, 0.02) == 1 && periods < 1000) ++periods;
  return periods;
}

TEST(ThreadGovernorTest, LittleWorkStaysOnOneThread) {
  Governed governed(4);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(governed.After(50, 0.5, 0.02), 1);
}

TEST(ThreadGovernorTest, WorkForAllGetsAllThreads) {
  Governed governed(6);
  EXPECT_EQ(governed.After(50, 0.9, 0), 2);
  EXPECT_EQ(governed.After(50, 1.8, 0), 4);
  EXPECT_EQ(governed.After(50, 3.6, 0), 6);
  EXPECT_EQ(governed.After(50, 5.9, 0), 6);
}

TEST(ThreadGovernorTest, WhereNoCoreIsFreeOneThreadServes) {
  Governed governed(2);
  EXPECT_EQ(governed.After(50, 0.95, 0.05), 2);
  EXPECT_EQ(governed.After(50, 1.0, 0.6), 1);
}

TEST(ThreadGovernorTest, TriesAgainLessAndLessOften) {
  Governed governed(2);
  // At once, after 1, 2, 4, 8 and 16 s, and from then on every 30 s.
  const int grown = TryInVain(governed);
  EXPECT_GE(grown, 6);
  EXPECT_LE(grown, 8);
}

TEST(ThreadGovernorTest, IsImpatientAgainWhenMoreThreadsWereOfUse) {
  Governed governed(2);
  TryInVain(governed);
  EXPECT_LT(PeriodsToGrow(governed), 1000);
  for (int i = 0; i < 20 * 31; ++i) ASSERT_EQ(governed.After(50, 1.8, 0.02), 2);
  EXPECT_EQ(governed.After(50, 1.0, 0.6), 1);
  EXPECT_LE(PeriodsToGrow(governed), 21) << "which is a second";
}

TEST(ThreadGovernorTest, FewerServeWhenThereIsLessWork) {
  Governed governed(8);
  for (int i = 0; i < 3; ++i) governed.After(50, 8, 0);
  EXPECT_EQ(governed.After(50, 3, 0), 8);
  EXPECT_EQ(governed.After(50, 2, 0), 4);
  EXPECT_EQ(governed.After(50, 0.1, 0), 1);
}

TEST(ThreadGovernorTest, OneIsAlwaysOne) {
  Governed governed(1);
  EXPECT_EQ(governed.After(50, 1, 0), 1);
  EXPECT_EQ(governed.After(50, 0, 0), 1);
}

}  // namespace
}  // namespace lamina::server
