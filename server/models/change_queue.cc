#include "server/models/change_queue.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

using Clock = std::chrono::steady_clock;

// Each of them may hold a configuration that a client sent.
constexpr size_t kMostWaiting = 100;

absl::Status Stopping() { return absl::UnavailableError("The server is stopping, and changes its models no more."); }

}  // namespace

ChangeQueue::ChangeQueue(absl::AnyInvocable<void()> chore, Clock::duration interval)
    : chore_(std::move(chore)), interval_(interval) {
  thread_ = std::jthread([this] { Run(); });
}

void ChangeQueue::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
  std::deque<Waiting> left;
  {
    MutexLock lock(mutex_);
    left.swap(waiting_);
  }
  for (Waiting& waiting : left) waiting.done(Stopping());
}

void ChangeQueue::Add(Change change, ChangeDone done) {
  absl::Status refused;
  {
    MutexLock lock(mutex_);
    if (stopping_) {
      refused = Stopping();
    } else if (waiting_.size() >= kMostWaiting) {
      refused = absl::ResourceExhaustedError(
          absl::StrCat(kMostWaiting, " changes to the models are waiting, which is the limit. Try again later."));
    } else {
      waiting_.push_back({std::move(change), std::move(done)});
      changed_.NotifyAll();
    }
  }
  if (!refused.ok()) done(std::move(refused));
}

void ChangeQueue::Nudge() {
  MutexLock lock(mutex_);
  nudged_ = true;
  changed_.NotifyAll();
}

void ChangeQueue::Run() {
  const bool polls = interval_ > Clock::duration::zero();
  Clock::time_point next_chore = polls ? Clock::now() + interval_ : Clock::time_point::max();
  for (;;) {
    std::optional<Waiting> next;
    {
      MutexLock lock(mutex_);
      while (!stopping_ && !nudged_ && waiting_.empty() && Clock::now() < next_chore)
        changed_.WaitUntil(mutex_, next_chore);
      if (stopping_) return;
      nudged_ = false;
      if (!waiting_.empty()) {
        next = std::move(waiting_.front());
        waiting_.pop_front();
      }
    }
    if (next) next->done(next->change());
    chore_();
    if (polls) next_chore = Clock::now() + interval_;
  }
}

}  // namespace lamina::server
