// InlineArray: an array whose size is known when it is made; small ones live where it stands, without an allocation.
#ifndef LAMINA_EXTENSION_BRIDGE_INLINE_ARRAY_H_
#define LAMINA_EXTENSION_BRIDGE_INLINE_ARRAY_H_

#include <cstddef>
#include <memory>

namespace lamina::bridge {

template <class T, size_t kInline>
class InlineArray {
 public:
  explicit InlineArray(size_t size) : size_(size), data_(inline_) {
    if (size <= kInline) return;
    heap_ = std::make_unique<T[]>(size);
    data_ = heap_.get();
  }
  InlineArray(const InlineArray&) = delete;
  InlineArray& operator=(const InlineArray&) = delete;

  size_t size() const { return size_; }
  T* data() { return data_; }
  T& operator[](size_t i) { return data_[i]; }

 private:
  size_t size_;
  T* data_;
  std::unique_ptr<T[]> heap_;
  T inline_[kInline];
};

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_INLINE_ARRAY_H_
