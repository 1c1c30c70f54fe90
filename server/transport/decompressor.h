#ifndef LAMINA_SERVER_TRANSPORT_DECOMPRESSOR_H_
#define LAMINA_SERVER_TRANSPORT_DECOMPRESSOR_H_

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/threads/mutex.h"
#include "server/transport/incoming_bytes.h"
#include "server/transport/inflation.h"

namespace lamina::server {

/// Decompresses what clients send: what is little at once, what is more on a thread of its own, by a slice of each in
/// turn, so that no loop waits for a large message, and no message for a larger one. Thread-safe.
class Decompressor {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<ReceivedBytes>)>;

  Decompressor() = default;
  /// Drops what is not done yet.
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  /// What comes out, if that is little. Otherwise nothing: `later` gets it on the decompressor's thread, unless
  /// `cancelled` says before that nobody waits for it any more.
  std::optional<absl::StatusOr<ReceivedBytes>> Run(std::unique_ptr<Inflation> inflation, std::stop_token cancelled,
                                                   Done later);

 private:
  struct Job {
    std::unique_ptr<Inflation> inflation;
    std::stop_token cancelled;
    Done done;
  };

  void Work();
  /// The first job in the queue; none: it is over. `waiting`: so many in a row could not go on.
  std::list<Job> Take(size_t waiting);
  void PutBack(std::list<Job> job);

  Mutex mutex_;
  Condition changed_;
  std::list<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);  // from the first job on
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_DECOMPRESSOR_H_
