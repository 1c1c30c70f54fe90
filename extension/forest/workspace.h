// Memory that computations borrow from a forest, so that none is allocated per call.
#ifndef LAMINA_EXTENSION_FOREST_WORKSPACE_H_
#define LAMINA_EXTENSION_FOREST_WORKSPACE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace lamina::forest {

struct FreeAligned {
  void operator()(uint8_t* memory) const { ::operator delete[](memory, std::align_val_t{64}); }
};
using AlignedBytes = std::unique_ptr<uint8_t[], FreeAligned>;

inline AlignedBytes AllocateAligned(size_t bytes) { return AlignedBytes(new (std::align_val_t{64}) uint8_t[bytes]); }

/// Workspaces of one size, made on demand and kept. Thread-safe.
class WorkspacePool {
 public:
  /// One workspace on loan; given back when the loan ends.
  class Loan {
   public:
    Loan(WorkspacePool& pool, AlignedBytes memory) : pool_(&pool), memory_(std::move(memory)) {}
    Loan(Loan&&) = default;
    ~Loan() {
      if (memory_) pool_->GiveBack(std::move(memory_));
    }
    uint8_t* bytes() const { return memory_.get(); }

   private:
    WorkspacePool* pool_;
    AlignedBytes memory_;
  };

  /// A workspace of `bytes` (the same in every call), which `prepare(memory)` has filled when it was made.
  template <class Prepare>
  Loan Borrow(size_t bytes, const Prepare& prepare) {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        AlignedBytes memory = std::move(free_.back());
        free_.pop_back();
        return Loan(*this, std::move(memory));
      }
    }
    AlignedBytes memory = AllocateAligned(bytes);
    prepare(memory.get());
    const std::lock_guard lock(mutex_);
    free_.reserve(made_ + 1);
    ++made_;
    return Loan(*this, std::move(memory));
  }

 private:
  void GiveBack(AlignedBytes memory) noexcept {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(memory));
  }

  std::mutex mutex_;
  std::vector<AlignedBytes> free_;  // with room for all that were made, so that giving one back allocates nothing
  size_t made_ = 0;
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_WORKSPACE_H_
