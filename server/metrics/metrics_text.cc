#include "server/metrics/metrics_text.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/metrics/metric_table.h"
#include "server/metrics/process_reading.h"

namespace lamina::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr const char* kInterfaces[kInterfaceCount] = {"gRPC", "REST"};
constexpr struct {
  const char *api, *name;
} kMethods[kMethodCount] = {
    {"KServe", "ModelInfer"},
    {"KServe", "ModelStreamInfer"},
    {"KServe", "ModelMetadata"},
    {"KServe", "ModelReady"},
    {"TensorFlowServing", "Predict"},
    {"TensorFlowServing", "GetModelMetadata"},
    {"TensorFlowServing", "GetModelStatus"},
};

MetricType TypeOf(Metric::Type type) {
  switch (type) {
    case Metric::Type::kCounter:
      return MetricType::Counter;
    case Metric::Type::kGauge:
      return MetricType::Gauge;
    case Metric::Type::kHistogram:
      return MetricType::Histogram;
  }
  return MetricType::Untyped;
}

/// The families of the table, filled one sample after the other.
class Families {
 public:
  using Labels = std::vector<ClientMetric::Label>;

  Families() {
    for (const Metric& metric : kMetrics) {
      index_.emplace(metric.name, families_.size());
      families_.push_back({std::string(metric.name), std::string(metric.help), TypeOf(metric.type), {}});
    }
  }

  /// REQUIRES: the table has a metric of this name.
  void Add(std::string_view name, Labels labels, double value) {
    MetricFamily& family = families_[index_.at(name)];
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  }

  void AddHistogram(std::string_view name, Labels labels, const DurationHistogram& counts, uint64_t ns) {
    ClientMetric& metric = families_[index_.at(name)].metric.emplace_back();
    metric.label = std::move(labels);
    uint64_t sum = 0;
    for (size_t i = 0; i < kDurationBoundsUs.size(); ++i) {
      sum += counts[i];
      metric.histogram.bucket.push_back({sum, static_cast<double>(kDurationBoundsUs[i])});
    }
    metric.histogram.sample_count = sum + counts.back();
    metric.histogram.sample_sum = static_cast<double>(ns) / 1000;
  }

  std::string Text() const {
    std::vector<MetricFamily> filled;
    for (const MetricFamily& family : families_) {
      if (!family.metric.empty()) filled.push_back(family);
    }
    return prometheus::TextSerializer().Serialize(filled);
  }

 private:
  std::vector<MetricFamily> families_;
  std::map<std::string_view, size_t> index_;
};

Families::Labels NameAndVersion(const VersionReading& reading) {
  return {{"name", reading.model}, {"version", absl::StrCat(reading.version)}};
}

void AddRequests(const VersionReading& reading, Families& families) {
  const StatisticsTotals& totals = *reading.totals;
  for (size_t interface = 0; interface < kInterfaceCount; ++interface) {
    for (size_t method = 0; method < kMethodCount; ++method) {
      for (const size_t ok : {0, 1}) {
        const uint64_t count = totals.requests[method][interface][ok];
        if (count == 0) continue;
        Families::Labels labels = {
            {"api", kMethods[method].api}, {"interface", kInterfaces[interface]}, {"method", kMethods[method].name}};
        for (auto& label : NameAndVersion(reading)) labels.push_back(std::move(label));
        families.Add(ok ? "ovms_requests_success" : "ovms_requests_fail", std::move(labels),
                     static_cast<double>(count));
      }
    }
    if (totals.request_ns[interface] == 0) continue;
    Families::Labels labels = NameAndVersion(reading);
    labels.insert(labels.begin(), {"interface", kInterfaces[interface]});
    families.AddHistogram("ovms_request_time_us", std::move(labels), totals.request_time[interface],
                          totals.request_ns[interface]);
  }
}

void AddVersion(const VersionReading& reading, Families& families) {
  const Families::Labels labels = NameAndVersion(reading);
  families.Add("lamina_version_state", labels, static_cast<double>(reading.state));
  if (!reading.totals) return;
  AddRequests(reading, families);
  const StatisticsTotals& totals = *reading.totals;
  families.AddHistogram("ovms_inference_time_us", labels, totals.infer_time, totals.kserve.infer.ns);
  families.AddHistogram("ovms_wait_for_infer_req_time_us", labels, totals.queue_time, totals.kserve.queue.ns);
  const Occupancy& now = reading.occupancy;
  families.Add("ovms_streams", labels, static_cast<double>(now.streams));
  families.Add("ovms_current_requests", labels, static_cast<double>(now.running + now.waiting));
  families.Add("ovms_infer_req_queue_size", labels, static_cast<double>(now.slots));
  families.Add("ovms_infer_req_active", labels, static_cast<double>(now.running));
  families.Add("lamina_inferred_rows", labels, static_cast<double>(totals.kserve.inference_count));
}

}  // namespace

std::string MetricsText(std::span<const VersionReading> versions) {
  Families families;
  for (const VersionReading& reading : versions) AddVersion(reading, families);
  const ProcessReading process = ReadProcess();
  families.Add("process_cpu_seconds_total", {}, process.cpu_seconds);
  families.Add("process_resident_memory_bytes", {}, process.resident_bytes);
  families.Add("process_open_fds", {}, process.open_files);
  families.Add("process_start_time_seconds", {}, process.start_seconds);
  return families.Text();
}

}  // namespace lamina::server
