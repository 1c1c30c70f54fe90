#include "server/metrics/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>

#include "server/metrics/metric_table.h"
#include "server/metrics/process_reading.h"

namespace lamina::server {
namespace {

using std::chrono::microseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

VersionReading Read(const VersionStatistics& statistics) {
  return {.model = "m \"1\"",
          .version = 3,
          .state = VersionState::kAvailable,
          .totals = statistics.Totals(),
          .occupancy = {.streams = 2, .slots = 4, .running = 3, .waiting = 5}};
}

InferSample Sample(Origin origin, int us) {
  InferSample sample{.origin = origin, .batch_size = 10};
  sample.began = sample.turn = sample.started = std::chrono::steady_clock::now();
  sample.computed = sample.ended = sample.began + microseconds(us);
  return sample;
}

TEST(MetricsTextTest, EveryMetricOfTheTableIsThere) {
  VersionStatistics statistics;
  statistics.Count(Sample({}, 5));
  InferSample failed = Sample({}, 5);
  failed.ok = false;
  statistics.Count(failed);
  const VersionReading reading = Read(statistics);
  const std::string text = MetricsText({&reading, 1});
  for (const Metric& metric : kMetrics) {
    EXPECT_THAT(text, HasSubstr("# HELP " + std::string(metric.name) + " " + std::string(metric.help) + "\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE " + std::string(metric.name) + " "));
    const size_t sample = text.find("\n" + std::string(metric.name), text.find("# TYPE " + std::string(metric.name)));
    std::istringstream labels{std::string(metric.labels)};
    for (std::string label; labels >> label;)
      EXPECT_NE(text.find(label + "=\"", sample), std::string::npos) << metric.name << " " << label;
  }
}

TEST(MetricsTextTest, NumbersAreThoseThatWereCounted) {
  VersionStatistics statistics;
  const Origin rest{Interface::kRest, Method::kPredict};
  for (const int us : {5, 10, 11, 40}) statistics.Count(Sample(rest, us));
  statistics.CountCall({Interface::kGrpc, Method::kModelMetadata}, false);
  const VersionReading reading = Read(statistics);
  const std::string text = MetricsText({&reading, 1});
  const std::string of = R"(name="m \"1\"",version="3")";
  EXPECT_THAT(text, HasSubstr(R"(ovms_requests_success{api="TensorFlowServing",interface="REST",method="Predict",)" +
                              of + "} 4\n"));
  EXPECT_THAT(text,
              HasSubstr(R"(ovms_requests_fail{api="KServe",interface="gRPC",method="ModelMetadata",)" + of + "} 1\n"));
  EXPECT_THAT(text, AllOf(HasSubstr("ovms_request_time_us_count{interface=\"REST\"," + of + "} 4\n"),
                          HasSubstr("ovms_request_time_us_sum{interface=\"REST\"," + of + "} 66\n"),
                          HasSubstr("ovms_request_time_us_bucket{interface=\"REST\"," + of + ",le=\"10\"} 2\n"),
                          HasSubstr("ovms_request_time_us_bucket{interface=\"REST\"," + of + ",le=\"18\"} 3\n"),
                          HasSubstr("ovms_request_time_us_bucket{interface=\"REST\"," + of + ",le=\"+Inf\"} 4\n"),
                          Not(HasSubstr("ovms_request_time_us_count{interface=\"gRPC\""))));
  EXPECT_THAT(
      text,
      AllOf(HasSubstr("ovms_streams{" + of + "} 2\n"), HasSubstr("ovms_current_requests{" + of + "} 8\n"),
            HasSubstr("ovms_infer_req_queue_size{" + of + "} 4\n"), HasSubstr("ovms_infer_req_active{" + of + "} 3\n"),
            HasSubstr("lamina_inferred_rows{" + of + "} 40\n"), HasSubstr("lamina_version_state{" + of + "} 30\n")));
}

TEST(MetricsTextTest, AVersionThatIsGoneHasItsStateAlone) {
  const VersionReading reading = {.model = "m", .version = 1, .state = VersionState::kEnd};
  const std::string text = MetricsText({&reading, 1});
  EXPECT_THAT(text, AllOf(HasSubstr("lamina_version_state{name=\"m\",version=\"1\"} 50\n"), Not(HasSubstr("ovms_"))));
}

TEST(ProcessReadingTest, IsOfThisProcess) {
  const ProcessReading reading = ReadProcess();
  EXPECT_GT(reading.resident_bytes, 1e6);
  EXPECT_GE(reading.open_files, 3);
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_GT(reading.start_seconds, now - 3600);
  EXPECT_LT(reading.start_seconds, now + 5);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (ReadProcess().cpu_seconds <= reading.cpu_seconds && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_GT(ReadProcess().cpu_seconds, reading.cpu_seconds);
}

}  // namespace
}  // namespace lamina::server
