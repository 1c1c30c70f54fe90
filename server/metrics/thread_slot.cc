#include "server/metrics/thread_slot.h"

#include <vector>

#include "server/threads/mutex.h"

namespace lamina::server {
namespace {

struct FreeSlots {
  FreeSlots() {
    MutexLock lock(mutex);
    for (size_t slot = kThreadSlots; slot > 0; --slot) numbers.push_back(slot - 1);
  }

  Mutex mutex;
  std::vector<size_t> numbers ABSL_GUARDED_BY(mutex);
};

FreeSlots& Free() {
  static FreeSlots* const slots = new FreeSlots;  // never destroyed: threads may end after main
  return *slots;
}

class Slot {
 public:
  Slot() {
    FreeSlots& free = Free();
    MutexLock lock(free.mutex);
    if (free.numbers.empty()) return;
    number_ = free.numbers.back();
    free.numbers.pop_back();
  }
  ~Slot() {
    if (number_ == kThreadSlots) return;
    FreeSlots& free = Free();
    MutexLock lock(free.mutex);
    free.numbers.push_back(number_);
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  size_t number() const { return number_; }

 private:
  size_t number_ = kThreadSlots;
};

}  // namespace

size_t ThreadSlot() {
  thread_local const Slot slot;
  return slot.number();
}

}  // namespace lamina::server
