#include "extension/layers/typed_list.h"

namespace lamina::layers {

TypedList::TypedList(const Input& tensor) : type_(tensor.type()) {
  const auto copy = [&]<class T>(In<T> from, auto& to) {
    for (size_t i = 0; i < from.size(); ++i) to.emplace_back(from[i]);
  };
  if (type_ == LAMINA_STRING) {
    copy(tensor.As<std::string_view>(), strings_);
  } else if (type_ == LAMINA_I64) {
    copy(tensor.As<int64_t>(), ints_);
  } else if (type_ == LAMINA_I32) {
    copy(tensor.As<int32_t>(), ints_);
  } else if (type_ == LAMINA_I16) {
    copy(tensor.As<int16_t>(), ints_);
  } else if (type_ == LAMINA_F32) {
    copy(tensor.As<float>(), floats_);
  } else if (type_ == LAMINA_F64) {
    copy(tensor.As<double>(), floats_);
  } else {
    throw Error(Cat("a tensor of labels is of ", TypeName(type_), ", expected string, i64, i32, i16, f32 or f64"));
  }
}

TypedList TypedList::OneOf(const char* what, const std::vector<std::string>& strings, const std::vector<int64_t>& ints,
                           const std::vector<float>& floats, const Input& tensor) {
  const int given = !strings.empty() + !ints.empty() + !floats.empty() + tensor.present();
  Require(given == 1, what, " are given in ", given, " attributes, expected one (strings, int64s, floats or a tensor)");
  if (tensor.present()) return TypedList(tensor);
  if (!strings.empty()) return TypedList(strings);
  return ints.empty() ? TypedList(floats) : TypedList(ints);
}

void TypedList::Append(const TypedList& other) {
  strings_.insert(strings_.end(), other.strings_.begin(), other.strings_.end());
  ints_.insert(ints_.end(), other.ints_.begin(), other.ints_.end());
  floats_.insert(floats_.end(), other.floats_.begin(), other.floats_.end());
}

template <class T, class From>
void TypedList::WriteAs(const std::vector<From>& values, const Output& output, size_t first,
                        std::span<const int32_t> places) {
  T* to = static_cast<T*>(output.data()) + first;
  for (size_t i = 0; i < places.size(); ++i) to[i] = static_cast<T>(values[places[i]]);
}

void TypedList::Write(const Output& output, size_t first, std::span<const int32_t> places) const {
  switch (type_) {
    case LAMINA_I64:
      return WriteAs<int64_t>(ints_, output, first, places);
    case LAMINA_I32:
      return WriteAs<int32_t>(ints_, output, first, places);
    case LAMINA_I16:
      return WriteAs<int16_t>(ints_, output, first, places);
    case LAMINA_F32:
      return WriteAs<float>(floats_, output, first, places);
    case LAMINA_F64:
      return WriteAs<double>(floats_, output, first, places);
    default:
      for (size_t i = 0; i < places.size(); ++i) output.Set(first + i, strings_[places[i]]);
  }
}

}  // namespace lamina::layers
