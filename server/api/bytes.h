#ifndef LAMINA_SERVER_API_BYTES_H_
#define LAMINA_SERVER_API_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <utility>

namespace lamina::server {

/// Memory for a message or a part of one: not initialised, as whoever asks for it writes all of it, and aligned for
/// every vector of the CPU. It comes from malloc, as aligned_alloc has no quick way for what is small.
class Bytes {
 public:
  static constexpr size_t kAlignment = 64;

  Bytes() = default;
  /// Throws std::bad_alloc.
  explicit Bytes(size_t size)
      : memory_(size == 0 ? nullptr : Allocate(size)), data_(Align(memory_.get())), size_(size) {}
  explicit Bytes(std::string_view text) : Bytes(text.size()) {
    if (size_ > 0) std::memcpy(data(), text.data(), size_);
  }

  Bytes(Bytes&& other) noexcept
      : memory_(std::move(other.memory_)),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  Bytes& operator=(Bytes&& other) noexcept {
    memory_ = std::move(other.memory_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  size_t size() const { return size_; }
  std::span<std::byte> span() { return {data(), size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data()), size_}; }

  /// Forgets what lies behind the first `size` bytes. REQUIRES: size <= size().
  void Truncate(size_t size) { size_ = size; }

 private:
  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };

  static std::byte* Allocate(size_t size) {
    if (size > static_cast<size_t>(PTRDIFF_MAX) - kAlignment) throw std::bad_alloc();
    void* memory = std::malloc(size + kAlignment - 1);
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<std::byte*>(memory);
  }

  static std::byte* Align(std::byte* memory) {
    return memory + (kAlignment - reinterpret_cast<uintptr_t>(memory) % kAlignment) % kAlignment;
  }

  std::unique_ptr<std::byte, Free> memory_;
  std::byte* data_ = nullptr;  // the first aligned byte of it
  size_t size_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_BYTES_H_
