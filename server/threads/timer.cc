#include "server/threads/timer.h"

#include <utility>

namespace lamina::server {

Timer::Timer() : thread_([this] { Run(); }) {}

Timer::~Timer() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  thread_.join();
}

Timer::Ticket Timer::At(Clock::time_point when, absl::AnyInvocable<void()> call) {
  MutexLock lock(mutex_);
  const Ticket ticket{when, ++sequence_};
  const auto position = calls_.emplace(ticket, std::move(call)).first;
  if (position == calls_.begin()) changed_.NotifyOne();
  return ticket;
}

void Timer::Cancel(const Ticket& ticket) {
  decltype(calls_)::node_type dropped;  // destroyed after the lock: what the call holds may come back here
  MutexLock lock(mutex_);
  dropped = calls_.extract(ticket);
}

void Timer::Run() {
  mutex_.Lock();
  while (!stopping_) {
    if (calls_.empty()) {
      changed_.Wait(mutex_);
    } else if (const auto next = calls_.begin()->first.when; Clock::now() < next) {
      changed_.WaitUntil(mutex_, next);
    } else {
      auto due = calls_.extract(calls_.begin());
      mutex_.Unlock();
      due.mapped()();
      due = {};
      mutex_.Lock();
    }
  }
  mutex_.Unlock();
}

}  // namespace lamina::server
