#include "server/protocols/kserve/statistics.h"

#include <string>

namespace lamina::server {
namespace {

void Write(const DurationCount& from, inference::StatisticDuration& to) {
  to.set_count(from.count);
  to.set_ns(from.ns);
}

}  // namespace

void WriteModelStatistics(std::span<const ModelStatistics> statistics, inference::ModelStatisticsResponse& response) {
  for (const ModelStatistics& from : statistics) {
    inference::ModelStatistics& to = *response.add_model_stats();
    to.set_name(from.model);
    to.set_version(std::to_string(from.version));
    to.set_last_inference(from.last_inference_ms);
    to.set_inference_count(from.inference_count);
    to.set_execution_count(from.execution_count);
    inference::InferStatistics& parts = *to.mutable_inference_stats();
    Write(from.success, *parts.mutable_success());
    Write(from.fail, *parts.mutable_fail());
    Write(from.queue, *parts.mutable_queue());
    Write(from.input, *parts.mutable_compute_input());
    Write(from.infer, *parts.mutable_compute_infer());
    Write(from.output, *parts.mutable_compute_output());
    for (const BatchStatistics& batch : from.batches) {
      inference::InferBatchStatistics& one = *to.add_batch_stats();
      one.set_batch_size(batch.batch_size);
      Write(batch.input, *one.mutable_compute_input());
      Write(batch.infer, *one.mutable_compute_infer());
      Write(batch.output, *one.mutable_compute_output());
    }
  }
}

}  // namespace lamina::server
