// The class labels of a classifier: strings or integers.
#ifndef LAMINA_EXTENSION_LAYERS_LABELS_H_
#define LAMINA_EXTENSION_LAYERS_LABELS_H_

#include <lamina/context.h>

#include <string>
#include <vector>

namespace lamina::layers {

/// Constant once made.
class Labels {
 public:
  Labels() = default;
  /// Takes the attributes' values; one of them must be empty. Throws an Error naming the layer otherwise.
  Labels(std::vector<std::string> strings, std::vector<int64_t> ints, const char* layer);

  /// What a model with a single label answers for no and for yes, as onnxruntime does: 0 and 1 if the label is an
  /// integer, the label itself if it is a string. (onnxruntime ends its process instead of a yes there.)
  /// REQUIRES: size() is 1.
  Labels NoAndYes() const;

  size_t size() const { return strings_.empty() ? ints_.size() : strings_.size(); }
  bool are_strings() const { return !strings_.empty(); }
  int32_t type() const { return are_strings() ? LAMINA_STRING : LAMINA_I64; }

  /// Where a kernel may put `rows` places in the list: the output itself if labels are integers.
  int64_t* Places(const Call& call, size_t output, size_t rows) const;
  /// Turns places into labels in the output, if anybody reads it.
  /// REQUIRES: places came from Places, for the same output.
  void Write(const Call& call, size_t output, const int64_t* places, size_t rows) const;

 private:
  std::vector<std::string> strings_;
  std::vector<int64_t> ints_;
  bool identity_ = false;  // label i is the integer i
};

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_LABELS_H_
