// What the two scatter layers share: how a new value meets the one that is there.
#ifndef LAMINA_EXTENSION_LAYERS_SCATTERING_H_
#define LAMINA_EXTENSION_LAYERS_SCATTERING_H_

#include <lamina/context.h>

#include <string>

#include "extension/layers/moving.h"

namespace lamina::layers {

enum class Reduction { kNone, kAdd, kMul, kMax, kMin };

/// "none", "add", "mul", "max" or "min". Throws an Error naming the layer for another one.
Reduction ReductionNamed(const std::string& name, const char* layer);

/// Throws an Error naming the layer if elements of the type can't be reduced so.
void CheckReduction(Reduction reduction, int32_t type, const char* layer);

/// Throws an Error naming the layer if the updates are not of x's type.
void CheckUpdates(const Input& x, const Input& updates, const char* layer);

/// y[to] = reduce(y[to], updates[from]). REQUIRES: the type was checked.
void Reduce(Reduction reduction, const Input& updates, size_t from, const Output& y, size_t to);

/// Copies x to y.
void CopyAll(const Input& x, const Call& call);

/// y = x, and then body(put), where put(from, to) has y[to] replaced by updates[from], or reduced with it. Without
/// updates the body is not called.
template <class Body>
void Scatter(Reduction reduction, const Call& call, const Body& body) {
  const Input updates = call.In(2);
  CopyAll(call.In(0), call);
  if (updates.size() == 0) return;
  WithElements(updates.type(), [&]<class T>() {
    const auto from_all = updates.As<T>();
    const Out<T> y(call.abi(), 0);
    body([&](size_t from, size_t to) {
      reduction == Reduction::kNone ? Move(from_all, from, y, to) : Reduce(reduction, updates, from, y, to);
    });
  });
}

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_SCATTERING_H_
