#include "server/metrics/version_statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace lamina::server {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

/// An inference of four parts of so many us.
InferSample Sample(int queue, int input, int infer, int output, uint64_t batch_size = 1, Origin origin = {}) {
  InferSample sample{.origin = origin, .batch_size = batch_size, .executed_rows = batch_size};
  sample.began = steady_clock::now();
  sample.turn = sample.began + microseconds(queue);
  sample.started = sample.turn + microseconds(input);
  sample.computed = sample.started + microseconds(infer);
  sample.ended = sample.computed + microseconds(output);
  return sample;
}

TEST(DurationBucketTest, IsTheFirstWhoseBoundIsNotBelow) {
  EXPECT_EQ(kDurationBoundsUs[0], 10u);
  EXPECT_EQ(kDurationBoundsUs[1], 18u);
  EXPECT_EQ(kDurationBoundsUs[2], 32u);
  EXPECT_EQ(kDurationBoundsUs[10], 3570u);
  const auto plain = [](uint64_t ns) {
    size_t bucket = 0;
    while (bucket < kDurationBoundsUs.size() && kDurationBoundsUs[bucket] * 1000 < ns) ++bucket;
    return bucket;
  };
  std::vector<uint64_t> values = {0, 1, 9'999, UINT64_MAX, uint64_t{1} << 63};
  for (const uint64_t bound : kDurationBoundsUs)
    values.insert(values.end(), {bound * 1000 - 1, bound * 1000, bound * 1000 + 1});
  for (int bit = 0; bit < 64; ++bit) values.insert(values.end(), {(uint64_t{1} << bit) - 1, uint64_t{1} << bit});
  for (const uint64_t ns : values) EXPECT_EQ(DurationBucket(ns), plain(ns)) << ns;
}

TEST(VersionStatisticsTest, NothingYet) {
  const VersionStatistics statistics;
  const ModelStatistics kserve = statistics.Totals().kserve;
  EXPECT_EQ(kserve.execution_count, 0u);
  EXPECT_EQ(kserve.last_inference_ms, 0u);
  EXPECT_TRUE(kserve.batches.empty());
}

TEST(VersionStatisticsTest, WhatRanTogetherIsOneExecution) {
  VersionStatistics statistics;
  for (const bool counts : {true, false, false}) {
    InferSample sample = Sample(0, 0, 9, 0);
    sample.executed_rows.reset();
    if (counts) sample.executed_rows = 3;
    statistics.Count(sample);
  }
  const ModelStatistics kserve = statistics.Totals().kserve;
  EXPECT_EQ(kserve.inference_count, 3u);
  EXPECT_EQ(kserve.success.count, 3u);
  EXPECT_EQ(kserve.infer.count, 3u);
  EXPECT_EQ(kserve.execution_count, 1u);
  ASSERT_EQ(kserve.batches.size(), 1u);
  EXPECT_EQ(kserve.batches[0].batch_size, 3u);
  EXPECT_EQ(kserve.batches[0].infer.count, 1u);
}

TEST(VersionStatisticsTest, PartsAddUp) {
  VersionStatistics statistics;
  statistics.Count(Sample(1, 2, 30, 4, 8));
  statistics.Count(Sample(10, 20, 300, 40, 8));
  statistics.Count(Sample(0, 0, 1, 0, 1));
  InferSample failed = Sample(5, 0, 0, 0);
  failed.ok = false;
  statistics.Count(failed);
  const ModelStatistics kserve = statistics.Totals().kserve;
  EXPECT_EQ(kserve.execution_count, 3u);
  EXPECT_EQ(kserve.inference_count, 17u);
  EXPECT_EQ(kserve.success.count, 3u);
  EXPECT_EQ(kserve.success.ns, 408'000u);
  EXPECT_EQ(kserve.fail.count, 1u);
  EXPECT_EQ(kserve.fail.ns, 5'000u);
  EXPECT_EQ(kserve.queue.ns, 11'000u);
  EXPECT_EQ(kserve.input.ns, 22'000u);
  EXPECT_EQ(kserve.infer.ns, 331'000u);
  EXPECT_EQ(kserve.output.ns, 44'000u);
  EXPECT_EQ(kserve.output.count, 3u);
  ASSERT_EQ(kserve.batches.size(), 2u);
  EXPECT_EQ(kserve.batches[0].batch_size, 1u);
  EXPECT_EQ(kserve.batches[0].infer.count, 1u);
  EXPECT_EQ(kserve.batches[1].batch_size, 8u);
  EXPECT_EQ(kserve.batches[1].infer.count, 2u);
  EXPECT_EQ(kserve.batches[1].infer.ns, 330'000u);
  EXPECT_EQ(kserve.batches[1].input.ns, 22'000u);
  EXPECT_EQ(kserve.batches[1].output.ns, 44'000u);
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  EXPECT_NEAR(static_cast<double>(kserve.last_inference_ms), static_cast<double>(now), 60'000);
}

TEST(VersionStatisticsTest, CallsAreCountedByWhereTheyComeFrom) {
  VersionStatistics statistics;
  const Origin rest{Interface::kRest, Method::kPredict}, grpc{Interface::kGrpc, Method::kModelReady};
  statistics.Count(Sample(0, 0, 15, 0, 1, rest));
  statistics.CountCall(grpc, true);
  statistics.CountCall(grpc, false);
  statistics.CountCall(grpc, false);
  const StatisticsTotals totals = statistics.Totals();
  EXPECT_EQ(totals.requests[static_cast<size_t>(Method::kPredict)][1][1], 1u);
  EXPECT_EQ(totals.requests[static_cast<size_t>(Method::kModelReady)][0][1], 1u);
  EXPECT_EQ(totals.requests[static_cast<size_t>(Method::kModelReady)][0][0], 2u);
  EXPECT_EQ(totals.request_time[1][1], 1u) << "15 us lie in the bucket up to 18 us";
  EXPECT_EQ(totals.request_time[0], DurationHistogram{});
  EXPECT_EQ(totals.infer_time[1], 1u);
  EXPECT_EQ(totals.queue_time[0], 1u);
  EXPECT_EQ(totals.kserve.fail.count, 0u) << "what is no inference is none";
}

TEST(VersionStatisticsTest, ManyBatchSizesAreStillCounted) {
  VersionStatistics statistics;
  for (uint64_t size = 0; size < 1000; ++size) statistics.Count(Sample(0, 0, 1, 0, size));
  const ModelStatistics kserve = statistics.Totals().kserve;
  EXPECT_EQ(kserve.execution_count, 1000u);
  EXPECT_EQ(kserve.inference_count, 499'500u);
  EXPECT_EQ(kserve.batches.size(), 32u);
  EXPECT_EQ(kserve.batches.front().batch_size, 1u);
}

TEST(VersionStatisticsTest, NoCountIsLostBetweenThreads) {
  VersionStatistics statistics;
  constexpr int kThreads = 3 * kThreadSlots, kEach = 500;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kEach; ++j) statistics.Count(Sample(0, 0, 1, 0, 1 + j % 3));
      });
    }
    for (int i = 0; i < 100; ++i) {
      const StatisticsTotals totals = statistics.Totals();
      EXPECT_LE(totals.kserve.execution_count, uint64_t{kThreads} * kEach);
    }
  }
  EXPECT_EQ(statistics.Totals().kserve.execution_count, uint64_t{kThreads} * kEach);
  EXPECT_EQ(statistics.Totals().kserve.batches.size(), 3u);
}

TEST(ThreadSlotTest, IsAThreadsOwnWhileItLives) {
  EXPECT_EQ(ThreadSlot(), ThreadSlot());
  std::set<size_t> seen;
  for (int i = 0; i < 100; ++i) {
    std::jthread([&] {
      EXPECT_NE(ThreadSlot(), kThreadSlots);
      seen.insert(ThreadSlot());
    }).join();
  }
  EXPECT_LE(seen.size(), 2u) << "it goes back when a thread ends";
  EXPECT_FALSE(seen.count(ThreadSlot()));
}

}  // namespace
}  // namespace lamina::server
