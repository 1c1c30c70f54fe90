#include "extension/layers/scattering.h"

#include <algorithm>

namespace lamina::layers {
namespace {

template <class T>
void ReduceAs(Reduction reduction, const Input& updates, size_t from, const Output& y, size_t to) {
  const T update = updates.As<T>()[from];
  T& at = static_cast<T*>(y.data())[to];
  switch (reduction) {
    case Reduction::kAdd:
      at += update;
      break;
    case Reduction::kMul:
      at *= update;
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
  const bool is_number = type == LAMINA_F32 || type == LAMINA_F64 || type == LAMINA_I64 || type == LAMINA_I32;
  Require(reduction == Reduction::kNone || is_number || type == LAMINA_DYNAMIC, layer, ": the input is ",
          TypeName(type), "; only f32, f64, i64 and i32 can be reduced");
}

void CheckUpdates(const Input& x, const Input& updates, const char* layer) {
  Require(x.type() == updates.type() || x.type() == LAMINA_DYNAMIC || updates.type() == LAMINA_DYNAMIC, layer,
          ": x is ", TypeName(x.type()), " and updates ", TypeName(updates.type()), ", expected one type");
}

void Reduce(Reduction reduction, const Input& updates, size_t from, const Output& y, size_t to) {
  switch (updates.type()) {
    case LAMINA_F32:
      return ReduceAs<float>(reduction, updates, from, y, to);
    case LAMINA_F64:
      return ReduceAs<double>(reduction, updates, from, y, to);
    case LAMINA_I64:
      return ReduceAs<int64_t>(reduction, updates, from, y, to);
    default:
      return ReduceAs<int32_t>(reduction, updates, from, y, to);
  }
}

void CopyAll(const Input& x, const Call& call) {
  WithElements(x.type(), [&]<class T>() {
    const auto from = x.As<T>();
    const Out<T> y(call.abi(), 0);
    for (size_t i = 0; i < from.size(); ++i) Move(from, i, y, i);
  });
}

}  // namespace lamina::layers
