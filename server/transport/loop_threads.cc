#include "server/transport/loop_threads.h"

#include <unistd.h>

#include <future>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/threads/scheduled_time.h"
#include "server/transport/loop_thread.h"

namespace lamina::server {
namespace {

// An inference that lasts holds up others for two to three times as long.
constexpr std::chrono::milliseconds kLookEvery{20};

}  // namespace

absl::StatusOr<std::unique_ptr<LoopThreads>> LoopThreads::Start(std::vector<std::shared_ptr<EventLoop>> loops,
                                                                std::chrono::microseconds busy_poll,
                                                                std::chrono::milliseconds period) {
  std::unique_ptr<LoopThreads> made;
  try {
    made.reset(new LoopThreads(std::move(loops), busy_poll, period));
    for (size_t i = 0; i < made->loops_.size(); ++i) {
      LAMINA_ASSIGN_OR_RETURN(auto thread, Thread::Make(*made));
      made->threads_.push_back(std::move(thread));
    }
    for (size_t i = 0; i < made->loops_.size(); ++i) made->ThreadOf(i).Take(i);
    made->left_ = made->loops_.size();
    for (const auto& thread : made->threads_) thread->Start();
  } catch (const std::system_error& error) {
    if (made) made->left_ = 0;  // those that have begun end
    if (made) made->WakeAll();
    return absl::ResourceExhaustedError(absl::StrCat("cannot start the threads for requests: ", error.what(),
                                                     "; raise the limit of processes (ulimit -u)"));
  }
  made->looks_soon_ = false;
  made->WatchCalls();
  return made;
}

// Who polls on the only core is in everybody's way.
LoopThreads::LoopThreads(std::vector<std::shared_ptr<EventLoop>> loops, std::chrono::microseconds busy_poll,
                         std::chrono::milliseconds period)
    : loops_(std::move(loops)),
      period_(period),
      governed_(ScheduledTimeOf(gettid()).has_value()),
      busy_poll_(governed_ && std::thread::hardware_concurrency() > 1 ? busy_poll : std::chrono::microseconds(0)),
      active_(governed_ ? 1 : static_cast<int>(loops_.size())) {}

// The threads are looked at until the loops have ended: one that is in an inference must not keep them from it.
LoopThreads::~LoopThreads() {
  for (size_t left = left_; left > 0; left = left_) left_.wait(left);
  std::promise<void> looked;  // what comes behind this one looks at nothing any more
  watch_.At(Timer::Clock::now(), [&looked] { looked.set_value(); });
  looked.get_future().wait();
  for (const auto& thread : threads_) thread->Join();
}

void LoopThreads::WatchCalls() noexcept {
  if (looks_soon_.exchange(true)) return;
  try {
    watch_.At(Timer::Clock::now() + kLookEvery, [this] { Look(); });
  } catch (const std::bad_alloc&) {  // the next call is another chance
    looks_soon_ = false;
  }
}

void LoopThreads::Look() {
  looks_soon_ = false;
  if (left_ == 0) return;
  bool any = false;
  for (const auto& thread : threads_) any |= thread->Look();
  if (any) WatchCalls();
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
