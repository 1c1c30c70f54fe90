#include "server/engine/ov_model.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/engine/one_thread.h"
#include "server/engine/ov_error.h"
#include "server/threads/gathering.h"

namespace lamina::server {
namespace {

// A model that was quick once may become so again: one in so many of its requests finds out, unless that could take
// long.
constexpr unsigned kProbeEvery = 32;
constexpr int64_t kMostForProbeNs = 10'000'000;
// What a model of open shape takes is known for small requests only.
constexpr size_t kMostHereBytes = size_t{64} << 10;

bool IsSmall(const InferCall& call) {
  size_t bytes = 0;
  for (const InputTensor* input : call.inputs) bytes += input->data.size() + input->strings.size();
  return bytes <= kMostHereBytes;
}

void ForgetStrings(BoundRequest& request) {
  (void)CatchOv("forget strings", absl::StatusCode::kInternal, [&] { request.ForgetStrings(); });
}

}  // namespace

OvModel::OvModel(Parts parts, const SlotPool::Options& options, Timer& timer)
    : trims_heap_(timer),
      parts_(std::move(parts)),
      slots_(options.slots),
      lane_requests_(parts_.lanes.lanes.size()),
      pool_(options, timer) {
  if (parts_.open) shape_trial_ = std::make_unique<ShapeTrial>(parts_.owner, parts_.model);
  newest_ = std::make_shared<Compiled>(std::exchange(parts_.compiled, {}));
  for (Slot& slot : slots_) MakeRequests(slot, newest_);
}

void OvModel::MakeRequests(Slot& slot, const std::shared_ptr<Compiled>& compiled) {
  BoundRequest elsewhere(compiled->model, parts_.ports);
  std::optional<BoundRequest> here;
  if (lane_requests_.empty()) here.emplace(compiled->model, parts_.ports);
  if (slot.elsewhere) {
    // Its end waits for its callback, which may be what has brought this about: later, then.
    MutexLock lock(compiling_);
    compiler_->At(Clock::now(), [old = std::exchange(slot.elsewhere, std::nullopt)] {});
  }
  slot.elsewhere.emplace(std::move(elsewhere));
  slot.here.reset();
  if (here) slot.here.emplace(*std::move(here));
  slot.compiled = compiled;
}

bool OvModel::RunsHere(const InferCall& call) {
  if (!MayStartHere()) return false;
  if (!parts_.ports.fixed() && !IsSmall(call)) return false;
  const int64_t typical = typical_.ns();
  if (typical < kQuick.count()) return true;
  return typical < kMostForProbeNs && asked_.fetch_add(1, std::memory_order_relaxed) % kProbeEvery == 0;
}

LeastTimes OvModel::EndWarmUp() {
  const LeastTimes least = *std::exchange(warm_up_, std::nullopt);
  if (least.own() != std::chrono::nanoseconds::max()) typical_.Set(least.own().count());
  return least;
}

void OvModel::InferAsync(const InferRequest& request, OutputSink& sink, Done done) {
  InferCall call;
  if (absl::Status status = CheckRequest(request, parts_.ports, parts_.owner, call); !status.ok()) {
    done(std::move(status), call.times);
    return;
  }
  if (tries_shapes_.load(std::memory_order_relaxed) && !parts_.lanes.TakesRow(call)) {
    if (absl::Status status = shape_trial_->Check(call); absl::IsInvalidArgument(status)) {
      done(std::move(status), call.times);
      return;
    }
  }
  call.sink = &sink;
  call.done = std::move(done);
  if (!RunsHere(call)) return Queue(std::move(call));
  if (Gathering* gathering = Gathering::Current()) return PutOffTo(*gathering, std::move(call));
  StartHere(std::move(call));
}

/// On this thread, if it need not wait.
void OvModel::StartHere(InferCall call) {
  const std::optional<size_t> slot = MayStartHere() ? pool_.TryAcquire() : std::nullopt;
  if (!slot) return Queue(std::move(call));
  if (lane_requests_.empty() && MustNotBeTrusted(slots_[*slot])) return StartOnceCompiled(*slot, std::move(call));
  RunHere(*slot, std::move(call));
}

/// On the engine's threads, in its turn.
void OvModel::Queue(InferCall call) {
  if (const auto slot = pool_.TryAcquire()) return StartElsewhere(*slot, std::move(call));
  const InferRequest& request = *call.request;
  pool_.Acquire(request.deadline, request.cancelled,
                [this, call = std::move(call)](absl::StatusOr<size_t> slot) mutable {
                  if (!slot.ok()) return call.done(slot.status(), call.times);
                  call.times.turn = Clock::now();
                  // This is the thread of another's request: it must not be kept.
                  StartElsewhere(*slot, std::move(call));
                });
}

void OvModel::RunHere(size_t number, InferCall call) {
  WatchedThread::Call watched(late_);
  Slot& slot = slots_[number];
  absl::Status result =
      lane_requests_.empty()
          ? Guarded(call, &slot.compiled->failures, [&] { return Run(*slot.here, call, &slot.compiled->failures); })
          : RunOnLane(call);
  End(watched);
  if (lane_requests_.empty() && !slot.here->writes_reply() && MayBeAnothersFault(slot, call, result))
    return StartAlone(number, std::move(call));
  pool_.Release(number);
  call.memory = DerivedMemory();  // whoever is answered may ask for as much again
  call.done(std::move(result), call.times);
}

/// What `run` returns, or what it throws for a request: whether that is about its shapes. Counts it in `failures`, if
/// there are any, where nothing must run on the same again. A layer that refuses values does so when all before it is
/// done and nothing after it begun.
absl::Status OvModel::Guarded(const InferCall& call, std::atomic<int>* failures,
                              absl::FunctionRef<absl::Status()> run) {
  absl::Status result;
  const absl::Status thrown = CatchOv(parts_.owner, absl::StatusCode::kInternal, [&] { result = run(); });
  if (thrown.ok()) return result;
  if (!parts_.open || failures == nullptr) return thrown;
  ++*failures;  // at once: others may be about to hand over what they have
  tries_shapes_ = true;
  absl::Status shapes = shape_trial_->Check(call);
  if (absl::IsInvalidArgument(shapes)) return shapes;
  if (shapes.ok() && IsOfLayer(thrown)) --*failures;
  return thrown;
}

/// One that was late says that what the model takes depends on more than it was timed with: for a while most of its
/// inferences run elsewhere.
void OvModel::End(WatchedThread::Call& watched) {
  if (!watched.End()) return;
  typical_.Set(std::max(2 * kQuick.count(), typical_.ns()));
  spdlog::debug("{}: an inference took long on a thread that serves others, too, which another has taken over",
                parts_.owner);
}

absl::Status OvModel::RunOnLane(InferCall& call) {
  const HeldLane held(lane_requests_);
  LaneRequests& requests = lane_requests_[held.number()];
  Lane& lane = parts_.lanes.lanes[held.number()];
  const bool is_row = parts_.lanes.TakesRow(call);
  std::optional<BoundRequest>& request = is_row ? requests.row : requests.any;
  return Guarded(call, is_row ? nullptr : &requests.failures, [&] {
    if (!is_row && requests.failures > 0) {  // nobody else is on this lane
      lane.any = parts_.core.compile_model(parts_.model, parts_.config.target_device, LaneProperties(parts_.config));
      request.reset();
      requests.failures = 0;
    }
    if (!request) request.emplace(is_row ? *lane.row : lane.any, is_row ? *parts_.lanes.row_ports : parts_.ports);
    absl::Status status;
    OnOneThread([&] { status = Run(*request, call); });
    return status;
  });
}

absl::Status OvModel::Run(BoundRequest& request, InferCall& call, const std::atomic<int>* failures) {
  const absl::Cleanup forget = [&request] { ForgetStrings(request); };
  LAMINA_RETURN_IF_ERROR(request.Bind(call));
  std::optional<LeastTimes::One> timed;
  if (warm_up_) timed.emplace();
  call.times.started = Clock::now();
  request.engine().infer();
  call.times.computed = Clock::now();
  if (failures != nullptr && *failures > 0) return AskAgain();  // before it is handed over
  if (timed) warm_up_->Add(*timed);
  typical_.Add(std::chrono::duration_cast<std::chrono::nanoseconds>(call.times.computed - call.times.started).count());
  return request.Collect(call);
}

void OvModel::StartElsewhere(size_t number, InferCall call) {
  Slot& slot = slots_[number];
  if (MustNotBeTrusted(slot)) return StartOnceCompiled(number, std::move(call));
  slot.call = std::move(call);
  absl::Status result;
  absl::Status thrown = CatchOv(parts_.owner, absl::StatusCode::kInternal, [&] {
    BoundRequest& request = *slot.elsewhere;
    if (result = request.Bind(slot.call); !result.ok()) return;
    // Each time anew: the engine puts a callback back only after it has returned, and this may run inside it.
    request.engine().set_callback(
        [this, number](std::exception_ptr failure) { FinishElsewhere(number, std::move(failure)); });
    if (!parts_.open && slot.call.request->cancelled.stop_possible()) {
      slot.stop.emplace(slot.call.request->cancelled, [&request] {
        (void)CatchOv("cancel", absl::StatusCode::kInternal, [&] { request.engine().cancel(); });
      });
    }
    slot.call.times.started = Clock::now();
    slot.handed_over.fetch_add(1, std::memory_order_release);
    request.engine().start_async();  // from here on the slot is the callback's
  });
  if (!thrown.ok()) return FinishSlot(number, std::move(thrown));
  if (!result.ok()) return FinishSlot(number, std::move(result));
}

void OvModel::FinishElsewhere(size_t number, std::exception_ptr failure) {
  Slot& slot = slots_[number];
  (void)slot.handed_over.load(std::memory_order_acquire);
  slot.call.times.computed = Clock::now();
  const bool failed = failure != nullptr;
  if (!failed && MayBeAnothersFault(slot, slot.call, absl::OkStatus())) {  // before it is handed over
    if (!slot.elsewhere->writes_reply()) return StartAlone(number, std::exchange(slot.call, InferCall{}));
    return FinishSlot(number, AskAgain());
  }
  absl::Status result = Guarded(slot.call, &slot.compiled->failures, [&] {
    if (failure) std::rethrow_exception(std::move(failure));
    return slot.elsewhere->Collect(slot.call);
  });
  if (failed && !slot.elsewhere->writes_reply() && MayBeAnothersFault(slot, slot.call, result))
    return StartAlone(number, std::exchange(slot.call, InferCall{}));
  FinishSlot(number, std::move(result));
}

/// Whether an inference ended as it did because of one that failed on the same stream before it. That is known a
/// moment later than the next one may have begun.
bool OvModel::MayBeAnothersFault(const Slot& slot, const InferCall& call, const absl::Status& result) {
  if (!MustNotBeTrusted(slot) || call.alone || absl::IsResourceExhausted(result)) return false;
  return result.ok() || !absl::IsInvalidArgument(shape_trial_->Check(call));
}

void OvModel::StartAlone(size_t number, InferCall call) {
  call.alone = true;
  StartElsewhere(number, std::move(call));
}

absl::Status OvModel::AskAgain() const {
  return absl::UnavailableError(
      absl::StrCat(parts_.owner, ": another request failed in the model meanwhile; ask again"));
}

void OvModel::StartOnceCompiled(size_t number, InferCall call) {
  slots_[number].call = std::move(call);
  const absl::Status thrown = CatchOv(parts_.owner, absl::StatusCode::kInternal, [&] {
    MutexLock lock(compiling_);
    if (!compiler_) compiler_.emplace();
    if (waiting_.empty()) compiler_->At(Clock::now(), [this] { CompileAgain(); });
    waiting_.push_back(number);
  });
  if (!thrown.ok()) FinishSlot(number, thrown);
}

void OvModel::CompileAgain() {
  std::vector<size_t> waiting;
  {
    MutexLock lock(compiling_);
    waiting.swap(waiting_);
  }
  // Before others run on it, too, so that it is sure whose fault a failure is.
  std::stable_partition(waiting.begin(), waiting.end(), [&](size_t number) { return slots_[number].call.alone; });
  for (const size_t number : waiting) {
    Slot& slot = slots_[number];
    absl::Status status = CatchOv(parts_.owner, absl::StatusCode::kInternal, [&] { MakeSound(); });
    if (status.ok() && slot.call.alone) {
      FinishSlot(number, Guarded(slot.call, &newest_->failures, [&] {
                   BoundRequest alone(newest_->model, parts_.ports);
                   return Run(alone, slot.call);
                 }));
      continue;
    }
    if (status.ok()) {
      status = CatchOv(parts_.owner, absl::StatusCode::kInternal, [&] { MakeRequests(slot, newest_); });
    }
    if (!status.ok()) {
      FinishSlot(number, std::move(status));
    } else {
      StartElsewhere(number, std::exchange(slot.call, InferCall{}));
    }
  }
}

void OvModel::MakeSound() {
  if (newest_->failures == 0) return;
  spdlog::info("{}: compiled again, as an inference failed and others would have its shapes", parts_.owner);
  newest_ = std::make_shared<Compiled>(
      parts_.core.compile_model(parts_.model, parts_.config.target_device, parts_.properties));
}

void OvModel::FinishSlot(size_t number, absl::Status status) {
  Slot& slot = slots_[number];
  slot.stop.reset();
  ForgetStrings(*slot.elsewhere);
  InferCall call = std::exchange(slot.call, InferCall{});
  pool_.Release(number);
  call.memory = DerivedMemory();  // whoever is answered may ask for as much again
  call.done(std::move(status), call.times);
}

Occupancy OvModel::occupancy() const {
  const SlotPool::Use use = pool_.use();
  return {.streams = parts_.streams,
          .slots = static_cast<int64_t>(slots_.size()),
          .running = static_cast<int64_t>(use.running),
          .waiting = static_cast<int64_t>(use.waiting)};
}

}  // namespace lamina::server
