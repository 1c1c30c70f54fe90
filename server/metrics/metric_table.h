#ifndef LAMINA_SERVER_METRICS_METRIC_TABLE_H_
#define LAMINA_SERVER_METRICS_METRIC_TABLE_H_

#include <string>
#include <string_view>

namespace lamina::server {

struct Metric {
  enum class Type { kCounter, kGauge, kHistogram };

  std::string_view name;
  Type type;
  std::string_view unit;
  /// In the order in which they are written, with a space between them.
  std::string_view labels;
  std::string_view help;
};

// Every metric there is. Names that begin with ovms_ mean what they mean in OpenVINO Model Server, so that its
// dashboards go on working; those that begin with process_ what they mean everywhere.
inline constexpr Metric kMetrics[] = {
    {"ovms_requests_success", Metric::Type::kCounter, "calls", "api interface method name version",
     "Calls that succeeded."},
    {"ovms_requests_fail", Metric::Type::kCounter, "calls", "api interface method name version", "Calls that failed."},
    {"ovms_request_time_us", Metric::Type::kHistogram, "us", "interface name version",
     "Time from when the core took an inference to when it was done; of those that succeeded."},
    {"ovms_inference_time_us", Metric::Type::kHistogram, "us", "name version", "Time that the model itself took."},
    {"ovms_wait_for_infer_req_time_us", Metric::Type::kHistogram, "us", "name version",
     "Time that an inference waited for its turn."},
    {"ovms_streams", Metric::Type::kGauge, "streams", "name version", "Execution streams of the engine."},
    {"ovms_current_requests", Metric::Type::kGauge, "requests", "name version", "Inferences that run or wait."},
    {"ovms_infer_req_queue_size", Metric::Type::kGauge, "requests", "name version",
     "Inferences that can run at the same time: nireq."},
    {"ovms_infer_req_active", Metric::Type::kGauge, "requests", "name version", "Inferences that run."},
    {"lamina_inferred_rows", Metric::Type::kCounter, "rows", "name version",
     "Rows that were inferred: a request counts as many as its batch has."},
    {"lamina_version_state", Metric::Type::kGauge, "state", "name version",
     "A version's state, in TensorFlow Serving's numbers: 20 loading, 30 available, 40 unloading, 50 ended."},
    {"process_cpu_seconds_total", Metric::Type::kCounter, "s", "", "CPU time of the server, user and system."},
    {"process_resident_memory_bytes", Metric::Type::kGauge, "bytes", "", "Memory of the server that is in RAM."},
    {"process_open_fds", Metric::Type::kGauge, "files", "", "Open file descriptors."},
    {"process_start_time_seconds", Metric::Type::kGauge, "s", "", "When the server started, in seconds since 1970."},
};

/// The table as a page of the documentation.
std::string MetricsPage();

}  // namespace lamina::server

#endif  // LAMINA_SERVER_METRICS_METRIC_TABLE_H_
