#ifndef LAMINA_SERVER_THREADS_GATHERING_H_
#define LAMINA_SERVER_THREADS_GATHERING_H_

#include <memory>
#include <utility>
#include <vector>

namespace lamina::server {

/// Gathers work of one thread that costs less when it is done together. While a Gathering is there, whoever gets such
/// work may put it off to the Gathering's end:
///
///   Gathering gathering;
///   for (Request& request : requests) Serve(request);   // some of it is put off
///   gathering.Run();                                    // and done here
///
/// Used by the thread that made it; one at a time on a thread.
class Gathering {
 public:
  /// What was put off for one owner.
  class Work {
   public:
    virtual ~Work() = default;
    /// Does it. Throws nothing.
    virtual void Run() = 0;
  };

  Gathering() { current = this; }
  /// Drops what has not been run.
  ~Gathering() { current = nullptr; }
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

  /// Does all that was put off. What comes up meanwhile is not put off again.
  void Run() {
    current = nullptr;
    for (const auto& [owner, work] : works_) work->Run();
    works_.clear();
  }

 private:
  static inline thread_local Gathering* current = nullptr;

  std::vector<std::pair<const void*, std::unique_ptr<Work>>> works_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_GATHERING_H_
