#include "extension/layers/scattering.h"

#include <algorithm>
#include <functional>
#include <type_traits>

namespace lamina::layers {
namespace {

/// op(a, b); integers wrap around.
template <class T, class Op>
T Combined(T a, T b, const Op& op) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(op(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
  } else {
    return op(a, b);
  }
}

template <class T>
void ReduceAs(Reduction reduction, const Input& updates, size_t from, const Output& y, size_t to) {
  const T update = updates.As<T>()[from];
  T& at = static_cast<T*>(y.data())[to];
  switch (reduction) {
    case Reduction::kAdd:
      at = Combined(at, update, std::plus<>());
      break;
    case Reduction::kMul:
      at = Combined(at, update, std::multiplies<>());
      break;
    case Reduction::kMax:
      at = std::max(at, update);
      break;
    case Reduction::kMin:
      at = std::min(at, update);
      break;
    default:
      at = update;
  }
}

/// Calls body.operator()<T>() for a number's type; false if the type is none that can be reduced.
template <class Body>
bool WithNumbers(int32_t type, const Body& body) {
  switch (type) {
    case LAMINA_F32:
      return body.template operator()<float>(), true;
    case LAMINA_F64:
      return body.template operator()<double>(), true;
    case LAMINA_I8:
      return body.template operator()<int8_t>(), true;
    case LAMINA_I16:
      return body.template operator()<int16_t>(), true;
    case LAMINA_I32:
      return body.template operator()<int32_t>(), true;
    case LAMINA_I64:
      return body.template operator()<int64_t>(), true;
    case LAMINA_U8:
      return body.template operator()<uint8_t>(), true;
    case LAMINA_U16:
      return body.template operator()<uint16_t>(), true;
    case LAMINA_U32:
      return body.template operator()<uint32_t>(), true;
    case LAMINA_U64:
      return body.template operator()<uint64_t>(), true;
    default:
      return false;
  }
}

}  // namespace

Reduction ReductionNamed(const std::string& name, const char* layer) {
  if (name == "none") return Reduction::kNone;
  if (name == "add") return Reduction::kAdd;
  if (name == "mul") return Reduction::kMul;
  if (name == "max") return Reduction::kMax;
  if (name == "min") return Reduction::kMin;
  throw Error(Cat(layer, ": reduction is '", name, "', expected none, add, mul, max or min"));
}

void CheckReduction(Reduction reduction, int32_t type, const char* layer) {
  const bool is_number = WithNumbers(type, []<class T>() {});
  Require(reduction == Reduction::kNone || is_number || type == LAMINA_DYNAMIC, layer, ": the input is ",
          TypeName(type), "; only f32, f64 and integers can be reduced");
}

void CheckUpdates(const Input& x, const Input& updates, const char* layer) {
  Require(x.type() == updates.type() || x.type() == LAMINA_DYNAMIC || updates.type() == LAMINA_DYNAMIC, layer,
          ": x is ", TypeName(x.type()), " and updates ", TypeName(updates.type()), ", expected one type");
}

void Reduce(Reduction reduction, const Input& updates, size_t from, const Output& y, size_t to) {
  WithNumbers(updates.type(), [&]<class T>() { ReduceAs<T>(reduction, updates, from, y, to); });
}

void CopyAll(const Input& x, const Call& call) {
  WithElements(x.type(), [&]<class T>() {
    const auto from = x.As<T>();
    const Out<T> y(call.abi(), 0);
    for (size_t i = 0; i < from.size(); ++i) Move(from, i, y, i);
  });
}

}  // namespace lamina::layers
