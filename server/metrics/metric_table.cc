#include "server/metrics/metric_table.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/metrics/duration_buckets.h"

namespace lamina::server {
namespace {

constexpr char kIntroduction[] =
    R"(# Metrics

`GET /metrics`, on any port of the server, answers in Prometheus's text format; there is nothing to switch on. Names that begin
with `ovms_` mean what they mean in OpenVINO Model Server, so that its dashboards go on working. This page is written by
`scripts/metrics_page.sh` from `server/metrics/metric_table.h`.

Labels: `api` is KServe or TensorFlowServing, `interface` is gRPC or REST, `method` the call's name in that API (ModelInfer,
ModelStreamInfer, ModelMetadata, ModelReady; Predict, GetModelMetadata, GetModelStatus), `name` and `version` the model's. Numbers of
a version begin anew when it is loaded after it was unloaded; a version that is replaced by one of other settings goes on counting.

| name | type | unit | labels | meaning |
|---|---|---|---|---|
)";

std::string_view TypeName(Metric::Type type) {
  switch (type) {
    case Metric::Type::kCounter:
      return "counter";
    case Metric::Type::kGauge:
      return "gauge";
    case Metric::Type::kHistogram:
      return "histogram";
  }
  return "";
}

}  // namespace

std::string MetricsPage() {
  std::string page = kIntroduction;
  for (const Metric& metric : kMetrics) {
    const std::vector<std::string> labels = absl::StrSplit(std::string(metric.labels), ' ', absl::SkipEmpty());
    absl::StrAppend(&page, "| `", std::string(metric.name), "` | ", std::string(TypeName(metric.type)), " | ",
                    std::string(metric.unit), " | ", absl::StrJoin(labels, ", "), " | ", std::string(metric.help),
                    " |\n");
  }
  absl::StrAppend(&page, "\nHistograms have the buckets floor(10 x 1.8^i) us, i from 0 to 32: ",
                  absl::StrJoin(kDurationBoundsUs, ", "), ".\n");
  return page;
}

}  // namespace lamina::server
