// Moves an attribute of a node into a member of a layer.
#ifndef LAMINA_ATTRIBUTE_H_
#define LAMINA_ATTRIBUTE_H_

#include <cstring>
#include <vector>

#include "lamina/tensor.h"

namespace lamina LAMINA_HIDDEN {

/// A tensor attribute's value as a layer keeps it: of one element type, its dimensions beside it.
template <class T>
struct TensorValue {
  std::vector<int64_t> dims;
  std::vector<T> values;
};

constexpr uint64_t KindBit(int32_t kind) { return uint64_t{1} << kind; }

/// How members of type M are filled: kKinds, and Read, which throws if the value does not fit.
template <class M>
struct AttributeReader;

template <class M>
  requires std::is_integral_v<M>
struct AttributeReader<M> {
  static constexpr uint64_t kKinds = KindBit(LAMINA_ATTRIBUTE_INT);
  static void Read(const lamina_attribute& a, M& to) {
    to = static_cast<M>(a.ints[0]);
    Require(static_cast<int64_t>(to) == a.ints[0], "attribute '", a.name, "': ", a.ints[0], " is out of range");
  }
};

template <class M>
  requires std::is_floating_point_v<M>
struct AttributeReader<M> {
  static constexpr uint64_t kKinds = KindBit(LAMINA_ATTRIBUTE_FLOAT);
  static void Read(const lamina_attribute& a, M& to) { to = a.floats[0]; }
};

template <>
struct AttributeReader<std::string> {
  static constexpr uint64_t kKinds = KindBit(LAMINA_ATTRIBUTE_STRING);
  static void Read(const lamina_attribute& a, std::string& to) { to.assign(a.strings[0].data, a.strings[0].size); }
};

template <class T>
  requires std::is_integral_v<T>
struct AttributeReader<std::vector<T>> {
  static constexpr uint64_t kKinds = KindBit(LAMINA_ATTRIBUTE_INTS);
  static void Read(const lamina_attribute& a, std::vector<T>& to) {
    to.resize(a.count);
    for (uint64_t i = 0; i < a.count; ++i) {
      to[i] = static_cast<T>(a.ints[i]);
      Require(static_cast<int64_t>(to[i]) == a.ints[i], "attribute '", a.name, "': ", a.ints[i], " is out of range");
    }
  }
};

template <>
struct AttributeReader<std::vector<float>> {
  static constexpr uint64_t kKinds = KindBit(LAMINA_ATTRIBUTE_FLOATS);
  static void Read(const lamina_attribute& a, std::vector<float>& to) { to.assign(a.floats, a.floats + a.count); }
};

template <>
struct AttributeReader<std::vector<std::string>> {
  static constexpr uint64_t kKinds = KindBit(LAMINA_ATTRIBUTE_STRINGS);
  static void Read(const lamina_attribute& a, std::vector<std::string>& to) {
    to.clear();
    for (uint64_t i = 0; i < a.count; ++i) to.emplace_back(a.strings[i].data, a.strings[i].size);
  }
};

template <class T>
struct AttributeReader<TensorValue<T>> {
  static constexpr uint64_t kKinds = KindBit(LAMINA_ATTRIBUTE_TENSOR);
  static void Read(const lamina_attribute& a, TensorValue<T>& to) {
    const Input tensor(a.tensors[0]);
    using View = std::conditional_t<std::is_same_v<T, std::string>, std::string_view, T>;
    Require(tensor.Is<View>(), "attribute '", a.name, "' is a tensor of ", TypeName(tensor.type()), ", expected ",
            TypeName(kTypeCode<View>));
    to.dims.assign(tensor.dims().begin(), tensor.dims().end());
    const auto values = tensor.As<View>();
    to.values.clear();
    for (size_t i = 0; i < values.size(); ++i) to.values.emplace_back(values[i]);
  }
};

template <class MemberPointer>
struct MemberOf;
template <class L, class M>
struct MemberOf<M L::*> {
  using Layer = L;
  using Type = M;
};

/// Fills a member from an attribute that was already checked to be of a kind that the member takes.
template <auto member>
void SetMember(void* layer, const lamina_attribute& attribute) {
  using Of = MemberOf<decltype(member)>;
  AttributeReader<typename Of::Type>::Read(attribute, static_cast<typename Of::Layer*>(layer)->*member);
}

}  // namespace lamina

#endif  // LAMINA_ATTRIBUTE_H_
