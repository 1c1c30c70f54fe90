#include "server/transport/loop_thread.h"

#include <errno.h>
#include <spdlog/spdlog.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

constexpr int kLoopsPerTurn = 64;
constexpr uint64_t kWake = ~uint64_t{0};  // in place of a loop's index

}  // namespace

absl::StatusOr<std::unique_ptr<LoopThreads::Thread>> LoopThreads::Thread::Make(LoopThreads& owner) {
  FileDescriptor epoll(epoll_create1(EPOLL_CLOEXEC));
  FileDescriptor wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  epoll_event event{.events = EPOLLIN, .data = {.u64 = kWake}};
  if (epoll.get() < 0 || wake.get() < 0 || epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.get(), &event) != 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot make a thread for requests: ", strerror(errno), "; raise the limit of open files"));
  }
  return std::unique_ptr<Thread>(new Thread(owner, std::move(epoll), std::move(wake)));
}

void LoopThreads::Thread::Wake() {
  const uint64_t one = 1;
  // Fails only when the counter is full, and then the thread will wake.
  (void)!write(wake_.get(), &one, sizeof one);
}

void LoopThreads::Thread::Take(size_t loop) {
  {
    MutexLock lock(mutex_);
    arriving_.push_back(loop);
  }
  Wake();
}

void LoopThreads::Thread::Start() { running_ = Begin(); }

LoopThreads::Thread::Running LoopThreads::Thread::Begin() {
  Running begun;
  begun.watched = std::make_shared<WatchedThread>([this] { owner_.WatchCalls(); });
  if (spare_.empty()) spare_.push_back(std::make_unique<Timer>());
  begun.thread = std::move(spare_.back());
  spare_.pop_back();
  begun.thread->At(Clock::now(), [this, watched = begun.watched, ended = begun.ended] {
    {
      const WatchedThread::Here here(*watched);
      Run();
    }
    *ended = true;
  });
  return begun;
}

void LoopThreads::Thread::Join() {
  replaced_.clear();
  running_.thread.reset();
}

bool LoopThreads::Thread::Look() {
  std::erase_if(replaced_, [this](Running& before) {
    if (!*before.ended) return false;
    spare_.push_back(std::move(before.thread));
    return true;
  });
  // The watched one is its thread's, too, until that has ended.
  const std::shared_ptr<WatchedThread> watched = running_.watched;
  return watched->Look([this] { return Replace(); });
}

bool LoopThreads::Thread::Replace() {
  try {
    replaced_.reserve(replaced_.size() + 1);
    spare_.reserve(replaced_.size() + 1);  // Look() must not throw
    Running next = Begin();
    replaced_.push_back(std::exchange(running_, std::move(next)));
    return true;
  } catch (const std::exception& error) {
    spdlog::error("an inference holds up other requests, and there is no thread to go on with them: {}", error.what());
    return false;
  }
}

void LoopThreads::Thread::Run() {
  id_ = gettid();
  FinishReady();  // what the thread before has left
  while (!WatchedThread::ThisIsReplaced() && owner_.left_ > 0) {
    Turn();
    try {
      if (!WatchedThread::ThisIsReplaced() && leads()) Govern();
    } catch (const std::bad_alloc&) {  // it looks again after a period
    }
  }
}

void LoopThreads::Thread::Turn() {
  const bool woken = Wait();
  for (size_t index : ready_) loop(index).Read();
  FinishReady();
  if (woken && !WatchedThread::ThisIsReplaced()) Deal();
}

bool LoopThreads::Thread::Wait() {
  epoll_event events[kLoopsPerTurn];
  const auto look = [&](int wait_ms) { return epoll_wait(epoll_.get(), events, kLoopsPerTurn, wait_ms); };
  const auto began = Clock::now();
  const int wait_ms = MillisecondsToNext(began);
  const Clock::duration to_poll = wait_ms != 0 && owner_.active() == 1 ? polling_.Time() : Clock::duration(0);
  Clock::duration polled{};
  int count = 0;
  for (; count == 0 && polled < to_poll; polled = Clock::now() - began) count = look(0);
  if (count == 0) count = look(wait_ms);

  bool woken = false;
  for (int i = 0; i < count; ++i) {
    if (events[i].data.u64 == kWake) {
      woken = true;
    } else {
      ready_.push_back(events[i].data.u64);
    }
  }
  const auto now = Clock::now();
  polling_.AfterWait(now - began, polled);
  for (size_t index : loops_) {
    const bool due = loop(index).MillisecondsToNext(now) == 0;
    if (due && std::find(ready_.begin(), ready_.end(), index) == ready_.end()) ready_.push_back(index);
  }
  return woken;
}

void LoopThreads::Thread::FinishReady() {
  while (!ready_.empty()) {
    const size_t index = ready_.front();
    loop(index).Finish();
    if (WatchedThread::ThisIsReplaced()) return;
    ready_.erase(ready_.begin());  // few, and what came first is sent first
    if (loop(index).ended()) Leave(index);
  }
}

int LoopThreads::Thread::MillisecondsToNext(Clock::time_point now) const {
  int next = leads() && owner_.active() > 1 ? static_cast<int>(owner_.period_.count()) : -1;
  for (size_t index : loops_) {
    const int left = loop(index).MillisecondsToNext(now);
    if (left >= 0 && (next < 0 || left < next)) next = left;
  }
  return next;
}

void LoopThreads::Thread::Deal() {
  uint64_t count = 0;
  (void)!read(wake_.get(), &count, sizeof count);
  arrived_.clear();
  {
    MutexLock lock(mutex_);
    arrived_.swap(arriving_);
  }
  for (size_t index : arrived_) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, loop(index).descriptor(), &event) != 0) {
      // Asked by its timers only, it is slow, but it goes on.
      spdlog::error("an event loop is not waited for: {}; please report this", strerror(errno));
    }
    loops_.push_back(index);
  }
  const auto stays = [this](size_t index) { return &owner_.ThreadOf(index) == this; };
  const auto others = std::partition(loops_.begin(), loops_.end(), stays);
  leaving_.assign(others, loops_.end());
  loops_.erase(others, loops_.end());
  for (size_t index : leaving_) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, loop(index).descriptor(), nullptr);
    owner_.ThreadOf(index).Take(index);
  }
}

void LoopThreads::Thread::Leave(size_t index) {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, loop(index).descriptor(), nullptr);
  std::erase(loops_, index);
  if (owner_.left_.fetch_sub(1) != 1) return;
  owner_.WakeAll();
  owner_.left_.notify_all();
}

void LoopThreads::Thread::Govern() {
  const auto now = Clock::now();
  if (!owner_.governed_ || owner_.threads_.size() == 1 || now - period_began_ < owner_.period_) return;
  ThreadGovernor::Period period{.end = now, .length = now - period_began_};
  period_began_ = now;
  for (int i = 0; i < governor_.active(); ++i) {
    const pid_t thread = owner_.threads_[static_cast<size_t>(i)]->id_;
    const auto time = ScheduledTimeOf(thread);
    if (!time) continue;
    Seen& seen = seen_[static_cast<size_t>(i)];
    if (seen.thread != thread) seen = {};
    period.ran += time->ran - seen.time.ran;
    period.waited += time->waited - seen.time.waited;
    seen = {.thread = thread, .time = *time};
  }
  const int before = governor_.active();
  if (governor_.Next(polling_.AfterPeriod(period)) != before) owner_.SetActive(governor_.active());
}

}  // namespace lamina::server
