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

  void Add(InferCall call) { (model_.MayRunTogether(call) ? rows_ : others_).all.push_back(std::move(call)); }

  bool empty() const override { return rows_.size() + others_.size() == 0; }

  // What is taken keeps the model; the end of the last may be its end.
  absl::AnyInvocable<void()> Take() override {
    const std::optional<size_t> batch = rows_.size() > 0 ? model_.batches_.BatchFor(rows_.size()) : std::nullopt;
    if (!batch) {
      Calls& from = rows_.size() > 0 ? rows_ : others_;
      return [&model = model_, call = from.Next()]() mutable { model.StartHere(std::move(call)); };
    }
    const size_t count = std::min(rows_.size(), model_.batches_.batches[*batch].rows);
    std::vector<InferCall> calls;
    calls.reserve(count);
    while (calls.size() < count) calls.push_back(rows_.Next());
    return [&model = model_, batch = *batch, calls = std::move(calls)]() mutable { model.StartTogether(batch, calls); };
  }

 private:
  /// First in, first out.
  struct Calls {
    std::vector<InferCall> all;
    size_t taken = 0;

    size_t size() const { return all.size() - taken; }
    InferCall Next() { return std::move(all[taken++]); }
  };

  OvModel& model_;
  Calls rows_, others_;
};

void OvModel::Refine() {
  if (parts_.lanes.lanes.empty()) return;
  const absl::Status thrown = CatchOv(parts_.owner, absl::StatusCode::kInternal, [&] {
    batches_ = CompileRowBatches(parts_.core, parts_.model, parts_.config, parts_.lanes);
  });
  if (!parts_.open) parts_.model.reset();
  if (!thrown.ok()) spdlog::debug("runs no rows of several requests together: {}", thrown.ToString());
  for (const RowBatches::Batch& batch : batches_.batches)
    spdlog::debug("{} runs rows of several requests together: {} to {}", parts_.owner, batch.least, batch.rows);
  batched_.store(!batches_.batches.empty(), std::memory_order_release);
}

bool OvModel::MayRunTogether(const InferCall& call) const {
  return batched_.load(std::memory_order_acquire) && typical_.ns() < kQuick.count() && parts_.lanes.TakesRow(call);
}

void OvModel::PutOffTo(Gathering& gathering, InferCall call) { gathering.Of<PutOff>(*this).Add(std::move(call)); }

void OvModel::StartTogether(size_t batch, std::span<InferCall> calls) {
  if (RunTogether(batch, calls)) return;
  for (InferCall& call : calls) GiveUpIfItThrows([&] { StartHere(std::move(call)); });
}

/// False if it could not be done, and each may fare better by itself: one of them perhaps has what the model refuses.
bool OvModel::RunTogether(size_t batch, std::span<InferCall> calls) {
  absl::InlinedVector<absl::Status, 16> results(calls.size());
  const std::optional<size_t> slot = MayStartHere() ? pool_.TryAcquire() : std::nullopt;
  if (!slot) return false;
  WatchedThread::Call watched(late_);
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
