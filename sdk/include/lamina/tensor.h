// Views of tensors: In<T> is read, Out<T> is written; Input and Output are the same before the type is known.
#ifndef LAMINA_TENSOR_H_
#define LAMINA_TENSOR_H_

#include <cstddef>
#include <initializer_list>
#include <span>

#include "lamina/types.h"

namespace lamina LAMINA_HIDDEN {

/// What every view has: an element type and, in row-major order, dimensions.
class TensorView {
 public:
  explicit TensorView(const lamina_tensor* tensor) : tensor_(tensor) {}

  /// False for an optional input that is absent and for an output that nobody reads.
  bool present() const { return tensor_ != nullptr; }
  int32_t type() const { return tensor_->type; }
  size_t size() const { return tensor_->size; }
  /// -1 while it is not known: in Infer, and of an output that Infer left open, before Resize.
  int rank() const { return tensor_->rank; }
  std::span<const int64_t> dims() const { return {tensor_->dims, size_t(tensor_->rank < 0 ? 0 : tensor_->rank)}; }
  /// One dimension; -1 is the last.
  int64_t dim(int axis) const { return tensor_->dims[axis < 0 ? axis + tensor_->rank : axis]; }

 protected:
  const lamina_tensor* tensor_;
};

/// An input of element type T; std::string_view for strings.
template <class T>
class In : public TensorView {
 public:
  using TensorView::TensorView;
  const T* data() const { return static_cast<const T*>(tensor_->data); }
  const T& operator[](size_t i) const { return data()[i]; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
};

template <>
class In<std::string_view> : public TensorView {
 public:
  using TensorView::TensorView;
  std::string_view operator[](size_t i) const {
    const lamina_string& s = static_cast<const lamina_string*>(tensor_->data)[i];
    return {s.data, s.size};
  }
};

/// An input whose element type is known only at run time.
class Input : public TensorView {
 public:
  using TensorView::TensorView;
  template <class T>
  bool Is() const {
    return present() && type() == kTypeCode<T>;
  }
  /// REQUIRES: Is<T>().
  template <class T>
  In<T> As() const {
    return In<T>(tensor_);
  }
  /// The bytes; null in Infer unless the value is a constant.
  const void* data() const { return tensor_->data; }
};

/// All inputs of a variadic last port.
template <class T>
class Variadic {
 public:
  explicit Variadic(std::span<const lamina_tensor* const> tensors) : tensors_(tensors) {}
  size_t size() const { return tensors_.size(); }
  In<T> operator[](size_t i) const { return In<T>(tensors_[i]); }

 private:
  std::span<const lamina_tensor* const> tensors_;
};

/// An output whose element type is known only at run time.
class Output : public TensorView {
 public:
  Output(const lamina_call* call, size_t index)
      : TensorView(index < call->output_count ? call->outputs[index] : nullptr), call_(call), index_(index) {}

  /// Gives an output that Infer left open its shape; data() is valid after it.
  void Resize(std::span<const int64_t> dims) const {
    if (call_->host->set_shape(call_->context, index_, int32_t(dims.size()), dims.data()) != LAMINA_OK) {
      throw Error(Cat("output ", index_, " could not be given its shape"), LAMINA_INTERNAL);
    }
  }
  void Resize(std::initializer_list<int64_t> dims) const { Resize(std::span(dims.begin(), dims.size())); }
  /// Throws Error if it is not present, or if Infer left the shape open and Resize has not been called.
  void* data() const {
    if (!present()) [[unlikely]]
      throw Error(Cat("output ", index_, " is written, and nobody reads it; ask present() first"), LAMINA_INTERNAL);
    if (tensor_->rank < 0) [[unlikely]]
      throw Error(Cat("output ", index_, " is written before Resize gave it its shape"), LAMINA_INTERNAL);
    return tensor_->data;
  }
  /// Writes one element of a string output.
  void Set(size_t i, std::string_view s) const {
    call_->host->set_string(call_->context, index_, i, s.data(), s.size());
  }

 protected:
  const lamina_call* call_;
  size_t index_;
};

/// An output of element type T; strings are written with Set(i, text).
template <class T>
class Out : public Output {
 public:
  Out(const lamina_call* call, size_t index)
      : Output(call, index), known_(present() && tensor_->rank >= 0 ? static_cast<T*>(tensor_->data) : nullptr) {}

  void Resize(std::span<const int64_t> dims) const {
    Output::Resize(dims);
    known_ = data();
  }
  void Resize(std::initializer_list<int64_t> dims) const { Resize(std::span(dims.begin(), dims.size())); }
  T* data() const { return static_cast<T*>(Output::data()); }
  /// As data()[i]. Compilers see that `known_` stays the same in a loop, and vectorise it.
  T& operator[](size_t i) const { return known_ != nullptr ? known_[i] : data()[i]; }
  T* begin() const { return data(); }
  T* end() const { return data() + size(); }

 private:
  mutable T* known_;  // null while the shape is open
};

}  // namespace lamina

#endif  // LAMINA_TENSOR_H_
