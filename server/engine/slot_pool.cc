#include "server/engine/slot_pool.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace lamina::server {

struct SlotPool::Waiter {
  Ready ready;
  Timer* timer = nullptr;
  std::optional<Timer::Ticket> timeout;
  std::optional<std::stop_callback<std::function<void()>>> stop;

  // The stop callback's destructor waits for a call that runs on another thread; that call holds no lock of ours.
  ~Waiter() {
    if (timeout) timer->Cancel(*timeout);
  }
};

SlotPool::SlotPool(Options options, Timer& timer)
    : options_(std::move(options)), timer_(timer), queue_(std::make_shared<Queue>()) {
  MutexLock lock(queue_->mutex);
  for (size_t slot = options_.slots; slot > 0; --slot) queue_->free.push_back(slot - 1);
}

std::optional<size_t> SlotPool::TryAcquire() {
  MutexLock lock(queue_->mutex);
  if (queue_->free.empty()) return std::nullopt;
  // The last one used: its memory is the warmest.
  const size_t slot = queue_->free.back();
  queue_->free.pop_back();
  return slot;
}

void SlotPool::Acquire(Clock::time_point deadline, std::stop_token cancelled, Ready ready) {
  std::optional<size_t> slot;
  std::shared_ptr<Waiter> waiter;
  const Clock::time_point turn_by = Clock::now() + options_.queue_timeout;
  // From here on only what is this thread's own: who is in the queue may be answered at once, and then the request may
  // be gone, and this pool with the model.
  const std::shared_ptr<Queue> queue = queue_;
  Timer& timer = timer_;
  absl::Status late = deadline <= turn_by ? DeadlinePassed() : TurnDidNotCome();
  {
    MutexLock lock(queue->mutex);
    if (!queue->free.empty()) {
      slot = queue->free.back();
      queue->free.pop_back();
    } else if (queue->waiting.size() < options_.queue_size) {
      waiter = std::make_shared<Waiter>();
      waiter->ready = std::move(ready);
      waiter->timer = &timer;
      queue->waiting.push_back(waiter);
    }
  }
  if (slot) return ready(*slot);  // NOLINT(bugprone-use-after-move): moved from only for a waiter
  if (waiter) return Watch(queue, waiter, std::min(deadline, turn_by), std::move(late), std::move(cancelled));
  ready(absl::ResourceExhaustedError(
      absl::StrCat("Too many requests for ", options_.owner, ": ", options_.slots, " are running and ",
                   options_.queue_size, " are waiting, which is the limit. Send fewer at a time, or raise nireq.")));
}

absl::Status SlotPool::DeadlinePassed() const {
  return absl::DeadlineExceededError(
      absl::StrCat("The request's deadline passed while it waited for ", options_.owner, "."));
}

absl::Status SlotPool::TurnDidNotCome() const {
  const double seconds = absl::ToDoubleSeconds(absl::FromChrono(options_.queue_timeout));
  return absl::UnavailableError(absl::StrCat("The request waited ", seconds, " s for its turn at ", options_.owner,
                                             ", which is the limit. Try again later."));
}

void SlotPool::Watch(const std::shared_ptr<Queue>& queue, const std::shared_ptr<Waiter>& waiter,
                     Clock::time_point until, absl::Status late, std::stop_token cancelled) {
  waiter->timeout = waiter->timer->At(until, [queue = std::weak_ptr(queue), weak = std::weak_ptr(waiter),
                                              late = std::move(late)] { Drop(queue, weak, late); });
  if (!cancelled.stop_possible()) return;
  waiter->stop.emplace(std::move(cancelled), [queue = std::weak_ptr(queue), weak = std::weak_ptr(waiter)] {
    Drop(queue, weak, absl::CancelledError("The client cancelled the request."));
  });
}

void SlotPool::Drop(const std::weak_ptr<Queue>& queue, const std::weak_ptr<Waiter>& waiter, absl::Status reason) {
  const std::shared_ptr<Queue> there = queue.lock();
  const std::shared_ptr<Waiter> waits = waiter.lock();
  if (!there || !waits) return;
  {
    MutexLock lock(there->mutex);
    const auto position = std::find(there->waiting.begin(), there->waiting.end(), waits);
    if (position == there->waiting.end()) return;
    there->waiting.erase(position);
  }
  // Moved out: what it holds goes when it is done, not when the last watcher lets go of the waiter.
  Ready ready = std::move(waits->ready);
  ready(std::move(reason));
}

SlotPool::Use SlotPool::use() const {
  MutexLock lock(queue_->mutex);
  return {options_.slots - queue_->free.size(), queue_->waiting.size()};
}

void SlotPool::Release(size_t slot) {
  std::shared_ptr<Waiter> next;
  {
    MutexLock lock(queue_->mutex);
    if (queue_->waiting.empty()) {
      queue_->free.push_back(slot);
      return;
    }
    next = std::move(queue_->waiting.front());
    queue_->waiting.pop_front();
  }
  Ready ready = std::move(next->ready);
  ready(slot);
}

}  // namespace lamina::server
