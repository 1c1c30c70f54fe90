// One row through trees of any shape: lanes are nodes, all of them asked at once. Included once for each target.
#if defined(LAMINA_FOREST_MASKED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_MASKED_INL_H_
#undef LAMINA_FOREST_MASKED_INL_H_
#else
#define LAMINA_FOREST_MASKED_INL_H_
#endif

#include <algorithm>

#include "extension/forest/row_ranks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

using Words = hn::Vec<hn::ScalableTag<int32_t>>;

/// Takes the masks of the first `kCount` nodes of a vector that answer "right" from the leaves that are left.
template <size_t kCount>
HWY_INLINE Words Leave(Words left, hn::Mask<I8> right, const uint32_t* masks) {
  constexpr size_t kWordLanes = HWY_LANES(int32_t);
#if HWY_TARGET <= HWY_AVX3
  for (size_t i = 0; i < kCount; i += kWordLanes)
    left = Words{_mm512_mask_and_epi32(left.raw, static_cast<__mmask16>(right.raw >> i), left.raw,
                                       _mm512_loadu_si512(masks + i))};
#else
  const auto answers = hn::VecFromMask(I8(), right).raw;
  for (size_t i = 0; i < kCount; i += kWordLanes) {
#if HWY_TARGET <= HWY_AVX2
    const __m128i half = i < 16 ? _mm256_castsi256_si128(answers) : _mm256_extracti128_si256(answers, 1);
    const Words answer{_mm256_cvtepi8_epi32(i % 16 == 0 ? half : _mm_srli_si128(half, 8))};
#else
    const __m128i part = i == 0   ? answers
                         : i == 4 ? _mm_srli_si128(answers, 4)
                         : i == 8 ? _mm_srli_si128(answers, 8)
                                  : _mm_srli_si128(answers, 12);
    const Words answer{_mm_cvtepi8_epi32(part)};
#endif
    const Words mask = hn::LoadU(hn::ScalableTag<int32_t>(), reinterpret_cast<const int32_t*>(masks + i));
    left = hn::AndNot(hn::AndNot(mask, answer), left);
  }
#endif
  return left;
}

HWY_INLINE uint32_t AndOf(Words words) {
#if HWY_TARGET <= HWY_AVX3
  return static_cast<uint32_t>(_mm512_reduce_and_epi32(words.raw));
#else
#if HWY_TARGET <= HWY_AVX2
  __m128i four = _mm_and_si128(_mm256_castsi256_si128(words.raw), _mm256_extracti128_si256(words.raw, 1));
#else
  __m128i four = words.raw;
#endif
  four = _mm_and_si128(four, _mm_shuffle_epi32(four, 0x4E));
  four = _mm_and_si128(four, _mm_shuffle_epi32(four, 0xB1));
  return static_cast<uint32_t>(_mm_cvtsi128_si32(four));
#endif
}

template <int kTables, uint32_t kWords>
HWY_NOINLINE void RunMasked(const MaskedTree<kWords>* trees, size_t count, const RowRanks& row, uint8_t* numbers) {
  constexpr size_t kNodes = MaskedTree<kWords>::kNodes;
  for (size_t t = 0; t < count; ++t) {
    // A vector may reach beyond the nodes, into the tree's next part: nobody looks at its answers there.
    const auto* bytes = reinterpret_cast<const uint8_t*>(&trees[t]);
    Words left[kWords];
    for (Words& words : left) words = hn::Set(hn::ScalableTag<int32_t>(), -1);
    for (size_t i = 0; i < kNodes; i += kLanes) {
#if HWY_TARGET <= HWY_AVX3_DL
      const Bytes rank = RanksOf(row, hn::LoadU(U8(), bytes + i));
#else
      const Bytes rank = LookUpRanks<kTables>(row.bytes, hn::LoadU(U8(), bytes + i));
#endif
      const auto right = hn::Gt(hn::BitCast(I8(), rank), hn::BitCast(I8(), hn::LoadU(U8(), bytes + kNodes + i)));
      for (uint32_t w = 0; w < kWords; ++w)
        left[w] = Leave<std::min(kNodes, kLanes)>(left[w], right, trees[t].masks.data() + w * kNodes + i);
    }
    uint64_t leaves = AndOf(left[0]);
    if constexpr (kWords == 2) leaves |= uint64_t{AndOf(left[1])} << 32;
    numbers[t] = static_cast<uint8_t>(__builtin_ctzll(leaves));
  }
}

template <uint32_t kWords>
HWY_INLINE void RunAnyMasked(const MaskedTree<kWords>* trees, size_t count, const RowRanks& row, uint8_t* numbers) {
  if (HWY_TARGET <= HWY_AVX3_DL || row.columns <= 32) return RunMasked<2>(trees, count, row, numbers);
  if (row.columns <= 64) return RunMasked<4>(trees, count, row, numbers);
  if (row.columns <= 128) return RunMasked<8>(trees, count, row, numbers);
  RunMasked<16>(trees, count, row, numbers);
}

HWY_INLINE void NumberMasked(const SingleLayout& layout, const MaskedTrees& trees, const RowRanks& row,
                             uint8_t* numbers) {
  if (trees.words == 1) return RunAnyMasked(layout.small.data() + trees.first, trees.trees, row, numbers);
  RunAnyMasked(layout.medium.data() + trees.first, trees.trees, row, numbers);
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_MASKED_INL_H_
