#include "extension/bridge/scratch.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

namespace lamina::bridge {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kLeastBlock = size_t{64} << 10;
constexpr size_t kMostKept = size_t{64} << 20;

}  // namespace

thread_local std::vector<Scratch::Block> Scratch::kept_;

void Scratch::Keep() noexcept {
  try {
    kept_.reserve(kept_.size() + blocks_.size());
  } catch (const std::bad_alloc&) {
    return;  // they are freed, which is what memory is short of
  }
  size_t total = 0;
  for (const auto& block : kept_) total += block.size;
  for (auto& block : blocks_) {
    total += block.size;
    if (total > kMostKept) break;
    kept_.push_back(std::move(block));
  }
}

Scratch::Block Scratch::Take(size_t bytes) {
  auto best = kept_.end();
  for (auto block = kept_.begin(); block != kept_.end(); ++block) {
    if (block->size >= bytes && (best == kept_.end() || block->size < best->size)) best = block;
  }
  if (best != kept_.end()) {
    Block block = std::move(*best);
    kept_.erase(best);
    return block;
  }
  const size_t size = std::max(bytes, kLeastBlock);
  return {std::unique_ptr<std::byte, Free>(static_cast<std::byte*>(std::aligned_alloc(kAlignment, size))), size};
}

void* Scratch::Allocate(size_t bytes) noexcept {
  if (bytes > PTRDIFF_MAX - kAlignment) return nullptr;
  bytes = (std::max<size_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment;
  try {
    const std::lock_guard lock(mutex_);
    if (blocks_.empty() || blocks_.back().size - used_ < bytes) {
      Block block = Take(bytes);
      if (!block.memory) return nullptr;
      blocks_.push_back(std::move(block));
      used_ = 0;
    }
    void* memory = blocks_.back().memory.get() + used_;
    used_ += bytes;
    return memory;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

const void* Scratch::Aligned(const void* data, size_t bytes, size_t alignment) {
  if (bytes == 0 || reinterpret_cast<uintptr_t>(data) % alignment == 0) return data;
  return std::memcpy(AllocateOrThrow(bytes), data, bytes);
}

void* Scratch::AllocateOrThrow(size_t bytes) {
  void* memory = Allocate(bytes);
  if (!memory) throw std::bad_alloc();
  return memory;
}

}  // namespace lamina::bridge
