#include "server/transport/call_watch.h"

#include <utility>

namespace lamina::server {

CallWatch::CallWatch(absl::AnyInvocable<bool()> look, std::chrono::milliseconds interval)
    : look_(std::move(look)), interval_(interval) {}

void CallWatch::Start() {
  thread_ = std::thread([this] { Run(); });
}

void CallWatch::Begin() {
  MutexLock lock(mutex_);
  if (!std::exchange(looking_, true)) begun_.NotifyOne();
}

void CallWatch::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    begun_.NotifyOne();
    stopped_.NotifyOne();
  }
  if (thread_.joinable()) thread_.join();
}

void CallWatch::Run() {
  mutex_.Lock();
  while (!stopping_) {
    if (!looking_) {
      begun_.Wait(mutex_);
      continue;
    }
    const auto next = std::chrono::steady_clock::now() + interval_;
    while (!stopping_ && std::chrono::steady_clock::now() < next) stopped_.WaitUntil(mutex_, next);
    if (stopping_) break;
    looking_ = false;
    mutex_.Unlock();
    const bool goes_on = look_();
    mutex_.Lock();
    looking_ |= goes_on;
  }
  mutex_.Unlock();
}

}  // namespace lamina::server
