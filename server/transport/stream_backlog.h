#ifndef LAMINA_SERVER_TRANSPORT_STREAM_BACKLOG_H_
#define LAMINA_SERVER_TRANSPORT_STREAM_BACKLOG_H_

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "server/transport/memory_budget.h"

namespace lamina::server {

/// What a client has sent of a streaming call before there was room for it. Counts as memory in use. Used by one
/// thread.
class StreamBacklog {
 public:
  explicit StreamBacklog(std::shared_ptr<MemoryBudget> budget) : lease_(std::move(budget)) {}

  bool empty() const { return taken_ == bytes_.size(); }

  /// What was not taken yet. Valid until more is appended or taken.
  std::span<const std::byte> bytes() const { return std::span(bytes_).subspan(taken_); }

  void Append(std::span<const std::byte> bytes) {
    if (taken_ > bytes_.size() / 2) {
      bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<ptrdiff_t>(taken_));
      taken_ = 0;
    }
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    lease_.Resize(bytes_.capacity());
  }

  /// REQUIRES: count <= bytes().size().
  void Take(size_t count) {
    taken_ += count;
    if (!empty()) return;
    bytes_ = {};
    taken_ = 0;
    lease_.Resize(0);
  }

 private:
  std::vector<std::byte> bytes_;
  size_t taken_ = 0;
  MemoryLease lease_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_STREAM_BACKLOG_H_
