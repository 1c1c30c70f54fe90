#include "server/transport/loop_threads.h"

#include <errno.h>
#include <spdlog/spdlog.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/threads/mutex.h"
#include "server/threads/scheduled_time.h"
#include "server/transport/file_descriptor.h"
#include "server/transport/thread_governor.h"

namespace lamina::server {
namespace {

using Clock = EventLoop::Clock;

constexpr int kLoopsPerTurn = 64;
constexpr uint64_t kWake = ~uint64_t{0};  // in place of a loop's index

}  // namespace

/// One thread and the loops that it runs. The first one governs.
class LoopThreads::Thread {
 public:
  static absl::StatusOr<std::unique_ptr<Thread>> Make(LoopThreads& owner);

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }
  void Join() {
    if (thread_.joinable()) thread_.join();
  }

  /// From any thread: gives it a loop, which nobody runs now.
  void Take(size_t loop);
  /// From any thread: has it look at what it is to run.
  void Wake();

 private:
  Thread(LoopThreads& owner, FileDescriptor epoll, FileDescriptor wake)
      : owner_(owner), epoll_(std::move(epoll)), wake_(std::move(wake)) {
    // All that there may ever be: a thread that finds no memory for them would end the process.
    for (std::vector<size_t>* list : {&loops_, &ready_, &arrived_, &leaving_, &arriving_})
      list->reserve(owner_.loops_.size());
  }

  bool leads() const { return owner_.threads_.front().get() == this; }
  EventLoop& loop(size_t index) const { return *owner_.loops_[index]; }

  void Run();
  void Turn();
  int MillisecondsToNext() const;
  /// Takes the loops that have come, and hands on those that another thread is to run.
  void Deal();
  void Leave(size_t loop);
  void Govern();

  LoopThreads& owner_;
  const FileDescriptor epoll_;  // holds those of the loops, and `wake_`
  const FileDescriptor wake_;   // an eventfd
  std::thread thread_;
  std::atomic<pid_t> id_ = 0;  // 0: it has not begun

  // The thread's.
  std::vector<size_t> loops_;
  std::vector<size_t> ready_;              // of them, in this turn
  std::vector<size_t> arrived_, leaving_;  // Deal's, for their memory

  // The first thread's.
  ThreadGovernor governor_{static_cast<int>(owner_.loops_.size())};
  Clock::time_point period_began_ = Clock::now();
  std::vector<ScheduledTime> times_{owner_.loops_.size()};  // of all threads, then

  Mutex mutex_;
  std::vector<size_t> arriving_ ABSL_GUARDED_BY(mutex_);
};

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

void LoopThreads::Thread::Run() {
  id_ = gettid();
  while (owner_.left_ > 0) {
    Turn();
    try {
      if (leads()) Govern();
    } catch (const std::bad_alloc&) {  // it looks again after a period
    }
  }
}

void LoopThreads::Thread::Turn() {
  epoll_event events[kLoopsPerTurn];
  const int count = epoll_wait(epoll_.get(), events, kLoopsPerTurn, MillisecondsToNext());
  bool woken = false;
  ready_.clear();
  for (int i = 0; i < count; ++i) {
    if (events[i].data.u64 == kWake) {
      woken = true;
    } else {
      ready_.push_back(events[i].data.u64);
    }
  }
  const auto now = Clock::now();
  for (size_t index : loops_) {
    const bool due = loop(index).MillisecondsToNext(now) == 0;
    if (due && std::find(ready_.begin(), ready_.end(), index) == ready_.end()) ready_.push_back(index);
  }
  for (size_t index : ready_) loop(index).Read();
  for (size_t index : ready_) {
    loop(index).Finish();
    if (loop(index).ended()) Leave(index);
  }
  if (woken) Deal();
}

int LoopThreads::Thread::MillisecondsToNext() const {
  const auto now = Clock::now();
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
  if (owner_.left_.fetch_sub(1) == 1) owner_.WakeAll();
}

void LoopThreads::Thread::Govern() {
  const auto now = Clock::now();
  if (!owner_.governed_ || owner_.threads_.size() == 1 || now - period_began_ < owner_.period_) return;
  ThreadGovernor::Period period{.end = now, .length = now - period_began_};
  period_began_ = now;
  for (int i = 0; i < governor_.active(); ++i) {
    const auto time = ScheduledTimeOf(owner_.threads_[static_cast<size_t>(i)]->id_);
    if (!time) continue;
    ScheduledTime& then = times_[static_cast<size_t>(i)];
    period.ran += time->ran - then.ran;
    period.waited += time->waited - then.waited;
    then = *time;
  }
  const int before = governor_.active();
  if (governor_.Next(period) != before) owner_.SetActive(governor_.active());
}

absl::StatusOr<std::unique_ptr<LoopThreads>> LoopThreads::Start(std::vector<std::shared_ptr<EventLoop>> loops,
                                                                std::chrono::milliseconds period) {
  std::unique_ptr<LoopThreads> made(new LoopThreads(std::move(loops), period));
  for (size_t i = 0; i < made->loops_.size(); ++i) {
    LAMINA_ASSIGN_OR_RETURN(auto thread, Thread::Make(*made));
    made->threads_.push_back(std::move(thread));
  }
  for (size_t i = 0; i < made->loops_.size(); ++i) made->ThreadOf(i).Take(i);
  for (const auto& thread : made->threads_) thread->Start();
  return made;
}

LoopThreads::LoopThreads(std::vector<std::shared_ptr<EventLoop>> loops, std::chrono::milliseconds period)
    : loops_(std::move(loops)),
      period_(period),
      governed_(ScheduledTimeOf(gettid()).has_value()),
      active_(governed_ ? 1 : static_cast<int>(loops_.size())),
      left_(loops_.size()) {}

LoopThreads::~LoopThreads() {
  for (const auto& thread : threads_) thread->Join();
}

LoopThreads::Thread& LoopThreads::ThreadOf(size_t loop) const {
  return *threads_[loop % static_cast<size_t>(active())];
}

void LoopThreads::SetActive(int active) {
  active_ = active;
  WakeAll();
}

void LoopThreads::WakeAll() const {
  for (const auto& thread : threads_) thread->Wake();
}

}  // namespace lamina::server
