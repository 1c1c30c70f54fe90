#ifndef LAMINA_SERVER_THREADS_GATHERING_H_
#define LAMINA_SERVER_THREADS_GATHERING_H_

#include <deque>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "server/threads/watched_thread.h"

namespace lamina::server {

/// Gathers work of one thread that costs less when it is done together, or that must not be done amid something else.
/// While there is a Scope, whoever gets such work may put it off:
///
///   {
///     Gathering::Scope scope(gathering);
///     for (Request& request : requests) Serve(request);   // some of it is put off
///     gathering.Run();                                    // and done here
///   }
///
/// Used by one thread at a time.
class Gathering {
 public:
  /// What was put off for one owner.
  class Work {
   public:
    virtual ~Work() = default;
    /// Takes out what is to be done next, in one go. What is not taken yet can be done by another thread, if that
    /// lasts.
    virtual absl::AnyInvocable<void()> Take() = 0;
    virtual bool empty() const = 0;
  };

  /// Makes it its thread's current one.
  class Scope {
   public:
    explicit Scope(Gathering& gathering) : before_(std::exchange(current, &gathering)) {}
    ~Scope() { current = before_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Gathering* const before_;
  };

  Gathering() = default;
  /// Drops what has not been run.
  ~Gathering() = default;
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  /// This thread's; null: there is none, and work is to be done at once. A thread that was replaced has none any more.
  static Gathering* Current() { return WatchedThread::ThisIsReplaced() ? nullptr : current; }

  /// The owner's work, made when it puts something off for the first time.
  template <typename OwnersWork, typename Owner>
  OwnersWork& Of(Owner& owner) {
    for (const auto& [known, work] : works_) {
      if (known == &owner) return static_cast<OwnersWork&>(*work);
    }
    works_.emplace_back(&owner, std::make_unique<OwnersWork>(owner));
    return static_cast<OwnersWork&>(*works_.back().second);
  }

  bool empty() const { return works_.empty() && round_.empty(); }

  /// What was put off until now is done in this round, if the one before is over; what comes up meanwhile in the next.
  void BeginRound() {
    if (round_.empty()) round_.swap(works_);
  }
  /// Takes out what is next in this round; null: it is over. If it throws, what was next is dropped.
  absl::AnyInvocable<void()> TakeNext() {
    if (round_.empty()) return nullptr;
    absl::AnyInvocable<void()> next;
    try {
      next = round_.front().second->Take();
    } catch (...) {
      round_.pop_front();
      throw;
    }
    if (round_.front().second->empty()) round_.pop_front();
    return next;
  }

  /// Does a round.
  void Run() {
    BeginRound();
    while (absl::AnyInvocable<void()> next = TakeNext()) next();
  }

  /// Drops all.
  void Clear() {
    Works dropped;
    dropped.swap(round_);
    dropped.clear();
    dropped.swap(works_);
  }

 private:
  using Works = std::deque<std::pair<const void*, std::unique_ptr<Work>>>;

  static inline thread_local Gathering* current = nullptr;

  Works works_, round_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_GATHERING_H_
