#include "server/protocols/kserve/statistics.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

TEST(KserveStatisticsTest, EveryNumberHasItsPlace) {
  const ModelStatistics one = {
      .model = "m",
      .version = 3,
      .last_inference_ms = 4,
      .inference_count = 5,
      .execution_count = 6,
      .success = {7, 8},
      .fail = {9, 10},
      .queue = {11, 12},
      .input = {13, 14},
      .infer = {15, 16},
      .output = {17, 18},
      .batches = {{.batch_size = 19, .input = {20, 21}, .infer = {22, 23}, .output = {24, 25}}}};
  inference::ModelStatisticsResponse response;
  WriteModelStatistics({&one, 1}, response);
  ASSERT_EQ(response.model_stats_size(), 1);
  EXPECT_EQ(response.model_stats(0).ShortDebugString(),
            "name: \"m\" version: \"3\" last_inference: 4 inference_count: 5 execution_count: 6 inference_stats { "
            "success { count: 7 ns: 8 } fail { count: 9 ns: 10 } queue { count: 11 ns: 12 } compute_input { count: 13 "
            "ns: 14 } compute_infer { count: 15 ns: 16 } compute_output { count: 17 ns: 18 } } batch_stats { "
            "batch_size: 19 compute_input { count: 20 ns: 21 } compute_infer { count: 22 ns: 23 } compute_output { "
            "count: 24 ns: 25 } }");
}

}  // namespace
}  // namespace lamina::server
