// A list of labels whose element type the model chooses: strings, integers or floating point.
#ifndef LAMINA_EXTENSION_LAYERS_TYPED_LIST_H_
#define LAMINA_EXTENSION_LAYERS_TYPED_LIST_H_

#include <lamina/context.h>

#include <string>
#include <vector>

namespace lamina::layers {

/// Constant once made. Integers are kept in 64 bits and floating point in f64, whatever the type.
class TypedList {
 public:
  TypedList() = default;
  explicit TypedList(std::vector<std::string> values) : type_(LAMINA_STRING), strings_(std::move(values)) {}
  explicit TypedList(std::vector<int64_t> values) : type_(LAMINA_I64), ints_(std::move(values)) {}
  explicit TypedList(const std::vector<float>& values) : type_(LAMINA_F32), floats_(values.begin(), values.end()) {}
  /// Copies a tensor attribute. Throws an Error for a type that no label has.
  explicit TypedList(const Input& tensor);

  /// The one of the four that is given. Throws an Error, beginning with `what`, if it is none or several.
  static TypedList OneOf(const char* what, const std::vector<std::string>& strings, const std::vector<int64_t>& ints,
                         const std::vector<float>& floats, const Input& tensor);

  int32_t type() const { return type_; }
  bool is_floating() const { return type_ == LAMINA_F32 || type_ == LAMINA_F64; }
  bool is_integer() const { return type_ == LAMINA_I64 || type_ == LAMINA_I32 || type_ == LAMINA_I16; }
  size_t size() const { return strings_.size() + ints_.size() + floats_.size(); }

  const std::vector<std::string>& strings() const { return strings_; }
  const std::vector<int64_t>& ints() const { return ints_; }
  const std::vector<double>& floats() const { return floats_; }

  /// Adds a list of the same kind.
  void Append(const TypedList& other);

  /// Writes the values at these places into the output, from element `first` on.
  void Write(const Output& output, size_t first, std::span<const int32_t> places) const;

 private:
  template <class T, class From>
  static void WriteAs(const std::vector<From>& values, const Output& output, size_t first,
                      std::span<const int32_t> places);

  int32_t type_ = LAMINA_DYNAMIC;
  std::vector<std::string> strings_;
  std::vector<int64_t> ints_;
  std::vector<double> floats_;
};

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_TYPED_LIST_H_
