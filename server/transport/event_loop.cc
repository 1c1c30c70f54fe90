#include "server/transport/event_loop.h"

#include <errno.h>
#include <spdlog/spdlog.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <exception>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/threads/watched_thread.h"

namespace lamina::server {
namespace {

// What is ready of so many sockets is served before any of it is sent.
constexpr int kEventsPerTurn = 16;
constexpr size_t kReadBytes = size_t{256} << 10;

thread_local const EventLoop* running_loop = nullptr;

/// Notes that this thread runs a loop, and has inferences put off to where they may take long.
class InTurn {
 public:
  InTurn(const EventLoop& loop, Gathering& gathering) : scope_(gathering) { running_loop = &loop; }
  ~InTurn() { running_loop = nullptr; }
  InTurn(const InTurn&) = delete;
  InTurn& operator=(const InTurn&) = delete;

 private:
  const Gathering::Scope scope_;
};

/// Whoever knows what a call is for catches what it throws. What comes as far as here must not end the process, and all
/// other connections with it.
template <typename Call>
void LogIfItThrows(Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    spdlog::error("an event loop goes on after an exception: {}; please report this", error.what());
  }
}

}  // namespace

absl::StatusOr<std::shared_ptr<EventLoop>> EventLoop::Make() {
  FileDescriptor epoll(epoll_create1(EPOLL_CLOEXEC));
  FileDescriptor wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  epoll_event event{};
  event.events = EPOLLIN;
  if (epoll.get() < 0 || wake.get() < 0 || epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.get(), &event) != 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot make an event loop: ", strerror(errno), "; raise the limit of open files (ulimit -n)"));
  }
  return std::shared_ptr<EventLoop>(new EventLoop(std::move(epoll), std::move(wake)));
}

EventLoop::EventLoop(FileDescriptor epoll, FileDescriptor wake)
    : epoll_(std::move(epoll)), wake_(std::move(wake)), read_buffer_(kReadBytes) {}

EventLoop::~EventLoop() = default;

void EventLoop::Read() {
  const InTurn turn(*this, gathering_);
  epoll_event events[kEventsPerTurn];
  const int count = epoll_wait(epoll_.get(), events, kEventsPerTurn, 0);
  bool woken = false;
  for (int i = 0; i < count; ++i) {
    if (events[i].data.ptr == nullptr) {
      woken = true;
    } else {
      LogIfItThrows([&] { static_cast<Watcher*>(events[i].data.ptr)->OnReady(events[i].events); });
    }
  }
  if (woken) RunPosted();
  LogIfItThrows([&] { timers_.RunDue(Clock::now()); });
}

void EventLoop::Finish() {
  const InTurn turn(*this, gathering_);
  FinishAll();
  if (InLoop() && ended_) DropAll();
}

// What waits here may keep requests, which keep the loop.
void EventLoop::DropAll() {
  std::vector<absl::AnyInvocable<void()>> dropped;
  {
    MutexLock lock(mutex_);
    dropped.swap(posted_);
  }
  dropped.clear();
  gathering_.Clear();
  timers_ = TimerQueue();
  FinishAll();
}

void EventLoop::FinishAll() {
  while (!after_events_.empty() || !gathering_.empty() || !turn_end_.empty() || !finished_.empty()) {
    while (!after_events_.empty() || !gathering_.empty() || !turn_end_.empty()) {
      // Whoever has more to do than at once asks again, and has its turn when the others' answers are sent.
      running_events_.swap(after_events_);
      for (Watcher* watcher : running_events_) LogIfItThrows([&] { watcher->OnEventsDone(); });
      running_events_.clear();
      if (!RunGathered()) return;
      // By index: what one does may add another.
      for (size_t i = 0; i < turn_end_.size(); ++i) LogIfItThrows([&] { turn_end_[i]->OnTurnEnd(); });
      turn_end_.clear();
    }
    // The end of one may make another ready to send.
    std::exchange(finished_, {}).clear();
  }
}

/// False: the thread was replaced, and the loop is another's.
bool EventLoop::RunGathered() {
  gathering_.BeginRound();
  for (bool more = true; more;) {
    LogIfItThrows([&] {
      absl::AnyInvocable<void()> next = gathering_.TakeNext();
      more = next != nullptr;
      if (more) next();
    });
    if (!InLoop()) return false;
  }
  return true;
}

void EventLoop::DestroyLater(std::unique_ptr<Watcher> watcher) noexcept {
  try {
    finished_.push_back(std::move(watcher));
  } catch (const std::bad_alloc&) {
    (void)watcher.release();
  }
}

void EventLoop::RunPosted() {
  uint64_t count = 0;
  (void)!read(wake_.get(), &count, sizeof count);
  {
    MutexLock lock(mutex_);
    running_.swap(posted_);
    ended_ = stopped_;
  }
  for (auto& call : running_) LogIfItThrows([&] { call(); });
  running_.clear();
}

void EventLoop::Post(absl::AnyInvocable<void()> call) {
  bool first = false;
  {
    MutexLock lock(mutex_);
    if (stopped_) return;
    first = posted_.empty();
    posted_.push_back(std::move(call));
  }
  if (first) Wake();
}

void EventLoop::Stop() {
  {
    MutexLock lock(mutex_);
    stopped_ = true;
  }
  Wake();
}

void EventLoop::Wake() {
  const uint64_t one = 1;
  // Fails only when the counter is full, and then the loop will wake.
  (void)!write(wake_.get(), &one, sizeof one);
}

bool EventLoop::InLoop() const { return running_loop == this && !WatchedThread::ThisIsReplaced(); }

absl::Status EventLoop::Add(int fd, uint32_t events, Watcher& watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("cannot wait for a socket: ", strerror(errno),
                                                   "; raise fs.epoll.max_user_watches or take fewer connections"));
}

void EventLoop::Modify(int fd, uint32_t events, Watcher& watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void EventLoop::Remove(int fd) { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

}  // namespace lamina::server
