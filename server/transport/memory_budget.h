#ifndef LAMINA_SERVER_TRANSPORT_MEMORY_BUDGET_H_
#define LAMINA_SERVER_TRANSPORT_MEMORY_BUDGET_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace lamina::server {

/// How much memory all requests together hold. It never says no: whoever reads from clients asks whether it is spent,
/// and then stops reading. Thread-safe.
class MemoryBudget {
 public:
  explicit MemoryBudget(size_t limit) : limit_(limit) {}

  bool spent() const { return used() >= limit_; }
  size_t used() const { return used_.load(std::memory_order_relaxed); }
  size_t limit() const { return limit_; }

 private:
  friend class MemoryLease;
  friend class MemoryOverdraft;

  const size_t limit_;
  std::atomic<size_t> used_ = 0;
  std::atomic<bool> overdrawn_ = false;
};

/// A share of a budget, given back when this ends. Used by one thread at a time.
class MemoryLease {
 public:
  MemoryLease() = default;
  explicit MemoryLease(std::shared_ptr<MemoryBudget> budget) : budget_(std::move(budget)) {}
  ~MemoryLease() { Resize(0); }
  MemoryLease(MemoryLease&& other) noexcept : budget_(std::move(other.budget_)), size_(std::exchange(other.size_, 0)) {}
  MemoryLease& operator=(MemoryLease&& other) noexcept {
    if (this != &other) {
      Resize(0);
      budget_ = std::move(other.budget_);
      size_ = std::exchange(other.size_, 0);
    }
    return *this;
  }

  size_t size() const { return size_; }

  /// All of the share, in a lease of its own; this one goes on with none.
  MemoryLease Split() {
    if (size_ == 0) return MemoryLease();
    MemoryLease split(budget_);
    split.size_ = std::exchange(size_, 0);
    return split;
  }

  void Resize(size_t size) {
    if (budget_ && size != size_) budget_->used_.fetch_add(size - size_, std::memory_order_relaxed);
    size_ = size;
  }

 private:
  std::shared_ptr<MemoryBudget> budget_;
  size_t size_ = 0;
};

/// The right of one of all to go beyond a spent budget. Without it half a message each could keep all of them waiting
/// for memory that none gives back. Used by one thread.
class MemoryOverdraft {
 public:
  /// It goes no further than `most` beyond the budget.
  MemoryOverdraft(std::shared_ptr<MemoryBudget> budget, size_t most) : budget_(std::move(budget)), most_(most) {}
  ~MemoryOverdraft() { GiveUp(); }
  MemoryOverdraft(const MemoryOverdraft&) = delete;
  MemoryOverdraft& operator=(const MemoryOverdraft&) = delete;

  /// Whether a message that has begun may go on: there is memory, or this is the one that may go beyond it.
  bool MayGoOn() {
    if (!budget_->spent()) {
      GiveUp();
      return true;
    }
    if (!mine_) Take();
    return mine_ && budget_->used() < budget_->limit() + most_;
  }

  /// Whether it has had the right to go beyond the budget since before `then`.
  bool IsHeldSince(std::chrono::steady_clock::time_point then) const { return mine_ && since_ < then; }

  void GiveUp() {
    if (std::exchange(mine_, false)) budget_->overdrawn_.store(false, std::memory_order_relaxed);
  }

 private:
  void Take() {
    mine_ = !budget_->overdrawn_.exchange(true, std::memory_order_relaxed);
    since_ = std::chrono::steady_clock::now();
  }

  const std::shared_ptr<MemoryBudget> budget_;
  const size_t most_;
  bool mine_ = false;
  std::chrono::steady_clock::time_point since_;  // if it is
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_MEMORY_BUDGET_H_
