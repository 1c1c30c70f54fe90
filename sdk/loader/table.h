// Walks the arrays of a library's tables. Their entries may be longer than this host knows (a newer minor version) or
// shorter (an older one): the first entry's struct_size is the step.
#ifndef LAMINA_SDK_LOADER_TABLE_H_
#define LAMINA_SDK_LOADER_TABLE_H_

#include <cstddef>

#include "lamina/abi.h"

namespace lamina::loader {

/// A range over count entries of the ABI structure T that begins at first.
template <class T>
class Entries {
 public:
  Entries(const T* first, size_t count) : first_(first), count_(count) {}

  size_t size() const { return count_; }
  const T& operator[](size_t i) const {
    return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(first_) + i * first_->struct_size);
  }

  class Iterator {
   public:
    Iterator(const Entries* entries, size_t i) : entries_(entries), i_(i) {}
    const T& operator*() const { return (*entries_)[i_]; }
    Iterator& operator++() { return ++i_, *this; }
    bool operator!=(const Iterator& other) const { return i_ != other.i_; }

   private:
    const Entries* entries_;
    size_t i_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, count_}; }

 private:
  const T* first_;
  size_t count_;
};

inline Entries<lamina_port> Inputs(const lamina_layer& layer) { return {layer.inputs, layer.input_count}; }
inline Entries<lamina_port> Outputs(const lamina_layer& layer) { return {layer.outputs, layer.output_count}; }
inline Entries<lamina_binding> Bindings(const lamina_layer& layer) { return {layer.bindings, layer.binding_count}; }
inline Entries<lamina_attribute_declaration> Attributes(const lamina_layer& layer) {
  return {layer.attributes, layer.attribute_count};
}

/// lamina_layer.row_wise_rank; a layer of before 0.2 says nothing.
inline uint32_t RowWiseRank(const lamina_layer& layer) {
  return layer.struct_size >= offsetof(lamina_layer, reserved) ? layer.row_wise_rank : 0;
}

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_TABLE_H_
