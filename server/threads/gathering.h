#ifndef LAMINA_SERVER_THREADS_GATHERING_H_
#define LAMINA_SERVER_THREADS_GATHERING_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

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
    /// Does it.
    virtual void Run() = 0;
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

  /// This thread's; null: there is none, and work is to be done at once.
  static Gathering* Current() { return current; }

  /// The owner's work, made when it puts something off for the first time.
  template <typename OwnersWork, typename Owner>
  OwnersWork& Of(Owner& owner) {
    for (const auto& [known, work] : works_) {
      if (known == &owner) return static_cast<OwnersWork&>(*work);
    }
    works_.emplace_back(&owner, std::make_unique<OwnersWork>(owner));
    return static_cast<OwnersWork&>(*works_.back().second);
  }

  size_t size() const { return works_.size(); }

  /// Does what was put off first, of one owner. It is taken out before it runs: what comes up meanwhile comes later.
  void RunNext() {
    const std::unique_ptr<Work> next = std::move(works_.front().second);
    works_.pop_front();
    next->Run();
  }

  /// Does all that is put off now.
  void Run() {
    for (size_t left = size(); left > 0; --left) RunNext();
  }

  /// Drops all.
  void Clear() { std::exchange(works_, {}).clear(); }

 private:
  static inline thread_local Gathering* current = nullptr;

  std::deque<std::pair<const void*, std::unique_ptr<Work>>> works_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_GATHERING_H_
