#include "server/threads/watched_thread.h"

#include <utility>

namespace lamina::server {
namespace {

constexpr int kLateAfterLooks = 3;

}  // namespace

WatchedThread::Call::Call(std::atomic<int>& late) : thread_(ThisIsReplaced() ? nullptr : current) {
  if (thread_ == nullptr) return;
  bool is_first = false;
  {
    MutexLock lock(thread_->mutex_);
    thread_->late_ = &late;
    thread_->sightings_ = 0;
    is_first = !std::exchange(thread_->begun_, true);
  }
  if (is_first) thread_->begun_call_();
}

bool WatchedThread::Call::End() {
  WatchedThread* const thread = std::exchange(thread_, nullptr);
  if (thread == nullptr) return was_late_;
  MutexLock lock(thread->mutex_);
  std::atomic<int>& late = *std::exchange(thread->late_, nullptr);
  was_late_ = thread->replaced_;
  if (was_late_) --late;
  return was_late_;
}

bool WatchedThread::Look(absl::FunctionRef<bool()> replace) {
  MutexLock lock(mutex_);
  const bool begun = std::exchange(begun_, late_ != nullptr) || late_ != nullptr;
  if (late_ == nullptr || replaced_ || ++sightings_ < kLateAfterLooks) return begun;
  ++*late_;  // before another thread runs what it may concern
  replaced_ = replace();
  if (!replaced_) {
    --*late_;
    sightings_ = 0;
  }
  return begun;
}

}  // namespace lamina::server
