// Complete trees as straight code, for each target. A file of its own because it takes the compiler longest.
#include "extension/forest/layout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "extension/forest/complete.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#if HWY_TARGET <= HWY_SSE4
#include "extension/forest/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

/// One node of a complete tree, `kDepth` levels above its leaves. With masks numbers count from the node's first leaf,
/// and one masked addition chooses a side and sets its bit; without, they count from the tree's first leaf.
template <int kDepth, uint32_t kFirst>
HWY_INLINE Bytes Number(Bytes left, Bytes right, Ranks rank, Ranks threshold) {
#if HWY_TARGET <= HWY_AVX3
  const auto beyond = hn::Gt(rank, threshold).raw;
  const __m512i bit = _mm512_set1_epi8(static_cast<char>(1u << (kDepth - 1)));
  if constexpr (kDepth == 1) {
    return Bytes{_mm512_maskz_mov_epi8(beyond, bit)};
  } else {
    return Bytes{_mm512_mask_add_epi8(left.raw, beyond, right.raw, bit)};
  }
#else
  if constexpr (kDepth == 1) {
    return hn::Sub(hn::Set(U8(), static_cast<uint8_t>(kFirst)),
                   hn::BitCast(U8(), hn::VecFromMask(I8(), hn::Gt(rank, threshold))));
  } else {
    return Choose(left, right, rank, threshold);
  }
#endif
}

/// All nodes below node kNode of a complete tree, unrolled, for kVectors vectors of rows.
template <int kDepth, uint32_t kNode, uint32_t kFirst, size_t kVectors>
struct CompleteNode {
  static HWY_INLINE void Run(const Test* tests, const uint8_t* columns, Bytes* number) {
    Bytes right[kVectors];
    if constexpr (kDepth > 1) {
      CompleteNode<kDepth - 1, 2 * kNode, kFirst, kVectors>::Run(tests, columns, number);
      CompleteNode<kDepth - 1, 2 * kNode + 1, kFirst + (1u << (kDepth - 1)), kVectors>::Run(tests, columns, right);
    } else {
      for (size_t v = 0; v < kVectors; ++v) number[v] = right[v] = hn::Zero(U8());
    }
    const Ranks threshold = Threshold(tests[kNode].threshold);
    const uint8_t* column = columns + tests[kNode].column;
    for (size_t v = 0; v < kVectors; ++v)
      number[v] = Number<kDepth, kFirst>(number[v], right[v], RanksAt(column + v * kLanes), threshold);
  }
};

/// The nodes above the straight code's subtrees, whose numbers are at `subtrees`.
template <int kDepth, uint32_t kNode, size_t kVectors>
struct TopNode {
  static HWY_INLINE void Run(const Test* tests, const uint8_t* columns, const Bytes* subtrees, Bytes* number) {
    if constexpr (kDepth == kStraightDepth) {
      for (size_t v = 0; v < kVectors; ++v) number[v] = subtrees[v];
    } else {
      constexpr size_t kHalf = kVectors << (kDepth - kStraightDepth - 1);
      Bytes right[kVectors];
      TopNode<kDepth - 1, 2 * kNode, kVectors>::Run(tests, columns, subtrees, number);
      TopNode<kDepth - 1, 2 * kNode + 1, kVectors>::Run(tests, columns, subtrees + kHalf, right);
      const Test& test = tests[kNode << kStraightDepth];
      for (size_t v = 0; v < kVectors; ++v)
        number[v] = Number<kDepth, 0>(number[v], right[v], RanksAt(columns + test.column + v * kLanes),
                                      Threshold(test.threshold));
    }
  }
};

/// A deeper tree's subtrees run by the same code, one after the other: unrolled, 255 nodes would not fit where the CPU
/// keeps what it has decoded.
template <int kDepth, size_t kVectors>
HWY_INLINE void RunSubtrees(const Test* tests, const uint8_t* columns, Bytes* number) {
  constexpr uint32_t kSubtrees = 1u << (kDepth - kStraightDepth);
  Bytes subtrees[kSubtrees * kVectors];
#pragma GCC unroll 1
  for (uint32_t i = 0; i < kSubtrees; ++i) {
    Bytes* out = subtrees + i * kVectors;
    CompleteNode<kStraightDepth, 1, 0, kVectors>::Run(tests + (i << kStraightDepth), columns, out);
#if HWY_TARGET > HWY_AVX3
    for (size_t v = 0; v < kVectors; ++v)
      out[v] = hn::Or(out[v], hn::Set(U8(), static_cast<uint8_t>(i << kStraightDepth)));
#endif
  }
  TopNode<kDepth, 1, kVectors>::Run(tests, columns, subtrees, number);
}

template <int kDepth, size_t kVectors>
HWY_INLINE void CompleteVectors(const Test* tests, const uint8_t* columns, uint8_t* leaves) {
  Bytes number[kVectors];
  if constexpr (kDepth > kStraightDepth) {
    RunSubtrees<kDepth, kVectors>(tests, columns, number);
  } else {
    CompleteNode<kDepth, 1, 0, kVectors>::Run(tests, columns, number);
  }
  for (size_t v = 0; v < kVectors; ++v) hn::Store(number[v], U8(), leaves + v * kLanes);
}

template <int kDepth>
HWY_NOINLINE void CompleteTreeOf(const Test* tests, const uint8_t* columns, size_t vectors, uint8_t* leaves) {
  size_t v = 0;
  for (; v + 2 <= vectors; v += 2) CompleteVectors<kDepth, 2>(tests, columns + v * kLanes, leaves + v * kLanes);
  if (v < vectors) CompleteVectors<kDepth, 1>(tests, columns + v * kLanes, leaves + v * kLanes);
}

void CompleteTree(int depth, const Test* tests, const uint8_t* columns, size_t vectors, uint8_t* leaves) {
  switch (depth) {
    case 3:
      return CompleteTreeOf<3>(tests, columns, vectors, leaves);
    case 4:
      return CompleteTreeOf<4>(tests, columns, vectors, leaves);
    case 5:
      return CompleteTreeOf<5>(tests, columns, vectors, leaves);
    case 6:
      return CompleteTreeOf<6>(tests, columns, vectors, leaves);
    case 7:
      return CompleteTreeOf<7>(tests, columns, vectors, leaves);
    default:
      return CompleteTreeOf<8>(tests, columns, vectors, leaves);
  }
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // HWY_TARGET <= HWY_SSE4
