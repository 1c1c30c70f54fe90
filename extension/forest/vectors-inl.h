// Vectors of ranks and of leaf numbers. Included once for each target.
#if defined(LAMINA_FOREST_VECTORS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_VECTORS_INL_H_
#undef LAMINA_FOREST_VECTORS_INL_H_
#else
#define LAMINA_FOREST_VECTORS_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "extension/forest/layout.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using U8 = hn::ScalableTag<uint8_t>;
using I8 = hn::ScalableTag<int8_t>;
using U32 = hn::ScalableTag<uint32_t>;
using Bytes = hn::Vec<U8>;
using Ranks = hn::Vec<I8>;

constexpr size_t kLanes = HWY_LANES(uint8_t);

HWY_INLINE Ranks Threshold(uint32_t four) { return hn::BitCast(I8(), hn::Set(U32(), four)); }
HWY_INLINE Ranks RanksAt(const uint8_t* column) { return hn::Load(I8(), reinterpret_cast<const int8_t*>(column)); }

/// right where rank > threshold, left elsewhere. With AVX2 a blend is one operation on AMD and two on Intel. On SSE4
/// it ties up a register: there a maximum chooses, as leaves are numbered from left to right.
HWY_INLINE Bytes Choose(Bytes left, Bytes right, Ranks rank, Ranks threshold) {
#if HWY_TARGET <= HWY_AVX2
  return hn::IfThenElse(hn::RebindMask(U8(), hn::Gt(rank, threshold)), right, left);
#else
  return hn::Max(left, hn::And(right, hn::BitCast(U8(), hn::VecFromMask(I8(), hn::Gt(rank, threshold)))));
#endif
}

/// The leaf numbers of a complete tree of kMinCompleteDepth to kMaxCompleteDepth levels, tests in heap order from 1.
/// Defined in complete.cc.
void CompleteTree(int depth, const Test* tests, const uint8_t* columns, size_t vectors, uint8_t* leaves);

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_VECTORS_INL_H_
