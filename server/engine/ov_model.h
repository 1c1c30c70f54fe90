#ifndef LAMINA_SERVER_ENGINE_OV_MODEL_H_
#define LAMINA_SERVER_ENGINE_OV_MODEL_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "openvino/runtime/compiled_model.hpp"
#include "openvino/runtime/core.hpp"
#include "server/engine/bound_request.h"
#include "server/engine/compiled_model.h"
#include "server/engine/heap_trim.h"
#include "server/engine/infer_call.h"
#include "server/engine/lanes.h"
#include "server/engine/least_times.h"
#include "server/engine/ports.h"
#include "server/engine/row_batches.h"
#include "server/engine/shape_trial.h"
#include "server/engine/slot_pool.h"
#include "server/engine/typical_time.h"
#include "server/threads/watched_thread.h"

namespace lamina::server {

class Gathering;

/// A model in OpenVINO. One that answers in microseconds runs on the thread that asks, on a lane if it has any, when
/// the thread's Gathering comes to it, if it has one; a slower one, or a large batch, on the engine's own threads.
class OvModel final : public CompiledModel {
 public:
  struct Parts {
    std::string owner;  // in messages: "model 'm' version 3"
    std::string platform;
    Ports ports;
    ov::Core core;
    ov::CompiledModel compiled;
    Lanes lanes;  // none: requests that run on their own threads use `compiled`, too
    int64_t streams = 1;
    /// Whether its shapes are open. A running inference of such a model cannot be stopped, and what it runs on has to
    /// be compiled again after one that failed: see Compiled.
    bool open = false;
    /// What it was compiled of, and with. What Refine() compiles batches of.
    std::shared_ptr<ov::Model> model;
    ModelConfig config;
    ov::AnyMap properties;
  };

  /// Throws what the engine throws.
  OvModel(Parts parts, const SlotPool::Options& options, Timer& timer);

  const std::shared_ptr<const Signature>& signature() const override { return parts_.ports.signature(); }
  const std::string& platform() const override { return parts_.platform; }
  void InferAsync(const InferRequest& request, OutputSink& sink, Done done) override;
  void Refine() override;
  Occupancy occupancy() const override;

  /// Handing a request to another thread and back costs 10 to 30 us; a thread of the transport that is away for longer
  /// than this holds up its other requests.
  static constexpr std::chrono::nanoseconds kQuick = std::chrono::microseconds(250);

  /// From here to the end of the warm-up, inferences on the asking thread are timed. There are no other requests then.
  void BeginWarmUp() { warm_up_.emplace(); }
  LeastTimes EndWarmUp();

 private:
  using Clock = std::chrono::steady_clock;

  /// Where shapes are open, the engine (2026.4) keeps what an inference leaves that failed or was stopped: it works out
  /// all shapes first, a node remembers those of its inputs when it has run, and is left alone by an inference that
  /// brings the same ones. The next inferences fail, then, or have the rows of the one that failed.
  struct Compiled {
    explicit Compiled(ov::CompiledModel compiled) : model(std::move(compiled)) {}

    ov::CompiledModel model;
    std::atomic<int> failures = 0;  // of inferences of it
  };

  /// Used by whoever holds its number from the pool.
  struct Slot {
    std::shared_ptr<Compiled> compiled;  // what its requests are for
    /// Two of the engine's requests, as one that has a callback must not be run without it while the callback returns.
    /// They are there from the beginning, `here` where there are no lanes: making one waits for an inference that runs.
    std::optional<BoundRequest> here, elsewhere;
    InferCall call;
    std::optional<std::stop_callback<std::function<void()>>> stop;
    /// Written before the engine's threads take over, read when they are done: an order that ThreadSanitizer can see.
    std::atomic<int> handed_over = 0;
  };

  /// What was put off to a Gathering's end.
  class PutOff;

  bool RunsHere(const InferCall& call);
  /// Whether nothing is known by which others would have to wait.
  bool MayStartHere() const { return late_.load(std::memory_order_relaxed) == 0 && !WatchedThread::ThisIsReplaced(); }
  bool MayRunTogether(const InferCall& call) const;

  void StartHere(InferCall call);
  void Queue(InferCall call);
  void PutOffTo(Gathering& gathering, InferCall call);
  void StartTogether(size_t batch, std::span<InferCall> calls);
  bool RunTogether(size_t batch, std::span<InferCall> calls);
  void RunHere(size_t slot, InferCall call);
  void End(WatchedThread::Call& watched);
  absl::Status RunOnLane(InferCall& call);
  void RunBatch(size_t batch, std::span<InferCall> calls, std::span<absl::Status> results);
  absl::Status Run(BoundRequest& request, InferCall& call, const std::atomic<int>* failures = nullptr);
  void StartElsewhere(size_t slot, InferCall call);
  void FinishElsewhere(size_t slot, std::exception_ptr failure);
  void FinishSlot(size_t slot, absl::Status status);
  bool MustNotBeTrusted(const Slot& slot) const { return parts_.open && slot.compiled->failures > 0; }
  bool MayBeAnothersFault(const Slot& slot, const InferCall& call, const absl::Status& result);
  void StartAlone(size_t slot, InferCall call);
  absl::Status AskAgain() const;
  void StartOnceCompiled(size_t slot, InferCall call);
  void CompileAgain();
  void MakeSound();
  void MakeRequests(Slot& slot, const std::shared_ptr<Compiled>& compiled);
  absl::Status Guarded(const InferCall& call, std::atomic<int>* failures, absl::FunctionRef<absl::Status()> run);

  const TrimsHeapAtEnd trims_heap_;  // when all that follows has gone
  Parts parts_;
  std::vector<Slot> slots_;
  RowBatches batches_;  // constant once batched_ is true
  std::atomic<bool> batched_ = false;
  std::vector<LaneRequests> lane_requests_;  // one for each of parts_.lanes
  SlotPool pool_;
  TypicalTime typical_;                // of inferences on the asking thread
  std::atomic<int> late_ = 0;          // of them, those that last and whose thread was replaced (WatchedThread)
  std::atomic<unsigned> asked_ = 0;    // requests while it was slow
  std::optional<LeastTimes> warm_up_;  // while it lasts

  /// Asked by every request once one has failed: to compile again takes long.
  std::unique_ptr<ShapeTrial> shape_trial_;  // of open shapes only
  std::atomic<bool> tries_shapes_ = false;
  Mutex compiling_;
  std::shared_ptr<Compiled> newest_;                           // the compiler's
  std::vector<size_t> waiting_ ABSL_GUARDED_BY(compiling_);    // slots, for what is to be compiled again
  std::optional<Timer> compiler_ ABSL_GUARDED_BY(compiling_);  // a thread, once one is needed
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_OV_MODEL_H_
