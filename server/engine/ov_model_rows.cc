// What waits for the end of a Gathering, and single rows of several requests, run together.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "server/engine/one_thread.h"
#include "server/engine/ov_error.h"
#include "server/engine/ov_model.h"
#include "server/threads/gathering.h"

namespace lamina::server {
namespace {

/// What one request's answer throws, mostly for want of memory, must not take the others' away. Who is dropped without
/// an answer sees to that (HttpExchange, GrpcCall). The model may be gone by then.
template <typename Answer>
void GiveUpIfItThrows(Answer&& answer) {
  try {
    answer();
  } catch (const std::exception& error) {
    spdlog::error("a request is given up: {}", error.what());
  }
}

}  // namespace

class OvModel::PutOff final : public Gathering::Work {
 public:
  explicit PutOff(OvModel& model) : model_(model) {}

  void Add(InferCall call) { (model_.MayRunTogether(call) ? rows_ : others_).push_back(std::move(call)); }

  // What waits here keeps the model; the end of the last may be its end.
  void Run() override {
    if (!rows_.empty()) model_.StartTogether(rows_);
    for (InferCall& call : others_) GiveUpIfItThrows([&] { model_.StartHere(std::move(call)); });
  }

 private:
  OvModel& model_;
  std::vector<InferCall> rows_, others_;
};

void OvModel::Refine() {
  if (parts_.lanes.lanes.empty()) return;
  const absl::Status thrown = CatchOv(parts_.owner, absl::StatusCode::kInternal, [&] {
    batches_ = CompileRowBatches(parts_.core, parts_.model, parts_.config, parts_.lanes);
  });
  parts_.model.reset();
  if (!thrown.ok()) spdlog::debug("runs no rows of several requests together: {}", thrown.ToString());
  for (const RowBatches::Batch& batch : batches_.batches)
    spdlog::debug("{} runs rows of several requests together: {} to {}", parts_.owner, batch.least, batch.rows);
  batched_.store(!batches_.batches.empty(), std::memory_order_release);
}

bool OvModel::MayRunTogether(const InferCall& call) const {
  return batched_.load(std::memory_order_acquire) && typical_.ns() < kQuick.count() && parts_.lanes.TakesRow(call);
}

void OvModel::PutOffTo(Gathering& gathering, InferCall call) { gathering.Of<PutOff>(*this).Add(std::move(call)); }

void OvModel::StartTogether(std::span<InferCall> calls) {
  while (!calls.empty()) {
    const std::optional<size_t> batch = batches_.BatchFor(calls.size());
    const size_t count = batch ? std::min(calls.size(), batches_.batches[*batch].rows) : 1;
    const std::span<InferCall> now = calls.first(count);
    calls = calls.subspan(count);
    if (batch && RunTogether(*batch, now)) continue;
    for (InferCall& call : now) GiveUpIfItThrows([&] { StartHere(std::move(call)); });
  }
}

/// False if it could not be done, and each may fare better by itself: one of them perhaps has what the model refuses.
bool OvModel::RunTogether(size_t batch, std::span<InferCall> calls) {
  const std::optional<size_t> slot = late_.load(std::memory_order_relaxed) > 0 ? std::nullopt : pool_.TryAcquire();
  if (!slot) return false;
  WatchedThread::Call watched(late_);
  absl::InlinedVector<absl::Status, 16> results(calls.size());
  const absl::Status thrown = CatchOv(parts_.owner, absl::StatusCode::kInternal,
                                      [&] { RunBatch(batch, calls, std::span(results.data(), results.size())); });
  End(watched);
  pool_.Release(*slot);
  if (!thrown.ok()) return false;
  for (size_t i = 0; i < calls.size(); ++i) {
    GiveUpIfItThrows([&] {
      // The end of the last one may be this model's.
      InferCall call = std::move(calls[i]);
      call.done(std::move(results[i]), call.times);
    });
  }
  return true;
}

/// Throws what the engine throws, and then has answered nothing.
void OvModel::RunBatch(size_t number, std::span<InferCall> calls, std::span<absl::Status> results) {
  const HeldLane held(lane_requests_);
  LaneRequests& requests = lane_requests_[held.number()];
  requests.batches.resize(batches_.batches.size());
  std::optional<BoundRows>& request = requests.batches[number];
  RowBatches::Batch& batch = batches_.batches[number];
  if (!request) request.emplace(batch.lanes[held.number()], batch.rows, *parts_.lanes.row_ports);
  request->Bind(calls);
  const auto started = Clock::now();
  OnOneThread([&] { request->engine().infer(); });
  const auto computed = Clock::now();
  // The first that succeeds counts the execution.
  size_t together = calls.size();
  for (size_t i = 0; i < calls.size(); ++i) {
    const absl::Status thrown =
        CatchOv(parts_.owner, absl::StatusCode::kInternal, [&] { results[i] = request->Collect(calls[i], i); });
    if (!thrown.ok()) results[i] = thrown;
    calls[i].times = {.started = started, .computed = computed, .together = results[i].ok() ? together : 0};
    if (results[i].ok()) together = 0;
  }
}

}  // namespace lamina::server
