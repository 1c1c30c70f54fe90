#ifndef LAMINA_SERVER_TRANSPORT_EVENT_LOOP_H_
#define LAMINA_SERVER_TRANSPORT_EVENT_LOOP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/threads/gathering.h"
#include "server/threads/mutex.h"
#include "server/transport/file_descriptor.h"
#include "server/transport/timer_queue.h"

namespace lamina::server {

/// Many sockets, timers, and calls posted by other threads, dealt with by one thread at a time: the one that runs it
/// (LoopThreads). Everything but Post(), Stop() and InLoop() belongs to that thread, or to whoever holds the loop
/// before it runs and after it has ended.
///
/// Shared: what answers a request later, on a thread of its own, keeps the loop that it posts to.
class EventLoop : public std::enable_shared_from_this<EventLoop> {
 public:
  using Clock = TimerQueue::Clock;

  /// Something with a file descriptor that the loop waits for.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    /// `events` are epoll's.
    virtual void OnReady(uint32_t events) = 0;
    /// See AfterEvents().
    virtual void OnEventsDone() {}
    /// See AtTurnEnd().
    virtual void OnTurnEnd() {}
  };

  static absl::StatusOr<std::shared_ptr<EventLoop>> Make();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Readable when there is something to Read(), but for timers: see MillisecondsToNext().
  int descriptor() const { return epoll_.get(); }
  int MillisecondsToNext(Clock::time_point now) const { return timers_.MillisecondsToNext(now); }

  /// The first half of a turn: takes from sockets what is there, without waiting, and makes the calls that are posted
  /// or due.
  void Read();
  /// The other half: what watchers want to do when all is read, and the inferences that were put off to here
  /// (Gathering). If the thread is replaced during one (WatchedThread), it leaves off there, and the other thread
  /// begins with Finish().
  void Finish();

  /// From any thread: ends the loop with its next turn. What is posted later is dropped.
  void Stop();
  /// After Finish(): it is over.
  bool ended() const { return ended_; }

  /// Has `call` made by the loop's thread in a turn, in the order of posting. From any thread; dropped when the loop
  /// has ended. What it throws is logged.
  void Post(absl::AnyInvocable<void()> call);
  /// Whether this is the loop's thread, in its turn. From any thread.
  bool InLoop() const;

  absl::Status Add(int fd, uint32_t events, Watcher& watcher);
  void Modify(int fd, uint32_t events, Watcher& watcher);
  void Remove(int fd);

  /// Calls watcher.OnEventsDone() once, when the events of this turn are read, and before anything is sent. Work of the
  /// same kind is done in one go so: docs/design/transport.md.
  void AfterEvents(Watcher& watcher) { after_events_.push_back(&watcher); }

  /// Calls watcher.OnTurnEnd() once, when this turn's events are dealt with: what many events ask for is done once.
  void AtTurnEnd(Watcher& watcher) { turn_end_.push_back(&watcher); }

  /// Destroys a watcher when nothing of this turn can call it any more. Its descriptor has been removed. Where there is
  /// no memory to remember it, it stays: it may be the one that asks.
  void DestroyLater(std::unique_ptr<Watcher> watcher) noexcept;

  TimerQueue& timers() { return timers_; }

  /// Room to read into, used within one call of OnReady().
  std::span<std::byte> read_buffer() { return read_buffer_; }

 private:
  EventLoop(FileDescriptor epoll, FileDescriptor wake);
  void Wake();
  void RunPosted();
  void FinishAll();
  bool RunGathered();
  void DropAll();

  // Constant after construction.
  const FileDescriptor epoll_;
  const FileDescriptor wake_;  // an eventfd

  // The loop's thread's.
  TimerQueue timers_;
  std::vector<std::byte> read_buffer_;
  std::vector<Watcher*> after_events_;
  std::vector<Watcher*> running_events_;
  Gathering gathering_;
  std::vector<Watcher*> turn_end_;
  std::vector<std::unique_ptr<Watcher>> finished_;
  std::vector<absl::AnyInvocable<void()>> running_;
  bool ended_ = false;

  Mutex mutex_;
  std::vector<absl::AnyInvocable<void()>> posted_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_EVENT_LOOP_H_
