// Rows of floats to columns of ranks. Included once for each target.
#if defined(LAMINA_FOREST_RANKS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_RANKS_INL_H_
#undef LAMINA_FOREST_RANKS_INL_H_
#else
#define LAMINA_FOREST_RANKS_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "extension/forest/layout.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using I32 = hn::ScalableTag<int32_t>;
using Keys = hn::Vec<I32>;
constexpr size_t kKeys = HWY_LANES(int32_t);

/// KeyOf for a vector: floats in order as integers, NaN the lowest.
HWY_INLINE Keys KeysOf(hn::Vec<hn::ScalableTag<float>> x) {
  const I32 d;
  const Keys bits = hn::BitCast(d, x);
  const Keys ordered =
      hn::Xor(bits, hn::And(hn::ShiftRight<31>(bits), hn::Set(d, std::numeric_limits<int32_t>::max())));
  return hn::IfThenElse(hn::RebindMask(d, hn::IsNaN(x)), hn::Set(d, std::numeric_limits<int32_t>::min()), ordered);
}

/// Four features of kKeys rows, each feature's values in a vector of its own. `row(i)` points to the four values of row
/// i.
template <class Row>
HWY_INLINE void LoadFour(const Row& row, hn::Vec<hn::ScalableTag<float>>* out) {
  const hn::ScalableTag<float> d;
  hn::Vec<hn::ScalableTag<float>> quad[4];  // block b of quad[j] is row 4 b + j
  const hn::FixedTag<float, 4> d4;
  for (size_t j = 0; j < 4; ++j) {
#if HWY_TARGET <= HWY_AVX3
    const hn::FixedTag<float, 8> d8;
    quad[j] = hn::Combine(d, hn::Combine(d8, hn::LoadU(d4, row(j + 12)), hn::LoadU(d4, row(j + 8))),
                          hn::Combine(d8, hn::LoadU(d4, row(j + 4)), hn::LoadU(d4, row(j))));
#elif HWY_TARGET <= HWY_AVX2
    quad[j] = hn::Combine(d, hn::LoadU(d4, row(j + 4)), hn::LoadU(d4, row(j)));
#else
    quad[j] = hn::LoadU(d4, row(j));
#endif
  }
  const auto low02 = hn::InterleaveLower(d, quad[0], quad[2]), high02 = hn::InterleaveUpper(d, quad[0], quad[2]);
  const auto low13 = hn::InterleaveLower(d, quad[1], quad[3]), high13 = hn::InterleaveUpper(d, quad[1], quad[3]);
  out[0] = hn::InterleaveLower(d, low02, low13);
  out[1] = hn::InterleaveUpper(d, low02, low13);
  out[2] = hn::InterleaveLower(d, high02, high13);
  out[3] = hn::InterleaveUpper(d, high02, high13);
}

#if HWY_TARGET <= HWY_AVX2

/// table[index] for the 16 (AVX-512) or 8 entries of a vector; higher bits of the index don't count.
HWY_INLINE Keys LookUp(const int32_t* table, Keys index) {
#if HWY_TARGET <= HWY_AVX3
  return Keys{_mm512_permutexvar_epi32(index.raw, _mm512_loadu_si512(table))};
#else
  return Keys{_mm256_permutevar8x32_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(table)), index.raw)};
#endif
}

/// table[index] for 2^kBits entries: a choice between look-ups of the greatest size that the target has.
template <int kBits>
HWY_INLINE Keys LookUpLevel(const int32_t* table, Keys index) {
  constexpr int kDirect = HWY_TARGET <= HWY_AVX3 ? 4 : 3;
  if constexpr (kBits <= kDirect) {
    return LookUp(table, index);
#if HWY_TARGET <= HWY_AVX3
  } else if constexpr (kBits == 5) {
    return Keys{_mm512_permutex2var_epi32(_mm512_loadu_si512(table), index.raw, _mm512_loadu_si512(table + 16))};
#endif
  } else {
    const Keys low = LookUpLevel<kBits - 1>(table, index),
               high = LookUpLevel<kBits - 1>(table + (1 << (kBits - 1)), index);
    const Keys sign = hn::ShiftLeft<32 - kBits>(index);  // the choosing bit as the sign: blends look at nothing else
#if HWY_TARGET <= HWY_AVX3
    return Keys{_mm512_mask_mov_epi32(low.raw, _mm512_movepi32_mask(sign.raw), high.raw)};
#else
    return Keys{_mm256_castps_si256(
        _mm256_blendv_ps(_mm256_castsi256_ps(low.raw), _mm256_castsi256_ps(high.raw), _mm256_castsi256_ps(sign.raw)))};
#endif
  }
}

/// Down one level of the search tree: to 2 * place, or 2 * place + 1 if the key is beyond.
HWY_INLINE Keys Descend(Keys place, Keys key, Keys cut) {
  const Keys twice = hn::Add(place, place);
#if HWY_TARGET <= HWY_AVX3
  return Keys{_mm512_mask_add_epi32(twice.raw, hn::Gt(key, cut).raw, twice.raw, _mm512_set1_epi32(1))};
#else
  return hn::Sub(twice, hn::VecFromMask(I32(), hn::Gt(key, cut)));
#endif
}

/// Ranks of a vector of keys, by the search tree of a feature, 2^kLevels entries in heap order.
template <int kLevels, int kLevel = 0>
HWY_INLINE Keys RankOf(const int32_t* heap, Keys key, Keys place) {
  if constexpr (kLevel == kLevels) {
    return hn::Sub(place, hn::Set(I32(), 1 << kLevels));
  } else {
    constexpr int kShared = HWY_TARGET <= HWY_AVX3 ? 4 : 3;  // levels that one vector holds together
    const Keys cut = kLevel < kShared ? LookUp(heap, place) : LookUpLevel<kLevel>(heap + (1 << kLevel), place);
    return RankOf<kLevels, kLevel + 1>(heap, key, Descend(place, key, cut));
  }
}

#endif  // HWY_TARGET <= HWY_AVX2

/// Ranks less an offset, held within a byte, to kKeys bytes of a column; NaN to the column of its own kind.
HWY_INLINE void StoreRanks(Keys rank, hn::Mask<I32> nan, const RankedFeature& feature, size_t rows, uint8_t* column) {
  const I32 d;
  const hn::Rebind<uint8_t, I32> d8;
  const Keys sign = hn::Set(d, 0x80);
  for (uint32_t s = 0; s < feature.segments; ++s) {
    Keys byte = rank;
    if (feature.segments > 1)
      byte = hn::Max(hn::Min(hn::Sub(rank, hn::Set(d, static_cast<int32_t>(s * feature.step))), hn::Set(d, 255)),
                     hn::Zero(d));
    if (feature.nan_low) {
      hn::StoreU(hn::DemoteTo(d8, hn::Xor(byte, sign)), d8, column);
      column += rows;
    }
    if (feature.nan_high) {
      hn::StoreU(hn::DemoteTo(d8, hn::Xor(hn::IfThenElse(nan, hn::Set(d, 255), byte), sign)), d8, column);
      column += rows;
    }
  }
}

/// How many of a node's keys a key, the same in all lanes, is beyond: twice that, which is what a mask of pairs counts.
HWY_INLINE uint32_t TwiceBeyond(const int32_t* node, Keys key) {
#if HWY_TARGET <= HWY_AVX3
  return 2 * static_cast<uint32_t>(__builtin_popcount(_mm512_cmpgt_epi32_mask(key.raw, _mm512_loadu_si512(node))));
#elif HWY_TARGET <= HWY_AVX2
  const __m256i low = _mm256_cmpgt_epi32(key.raw, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(node)));
  const __m256i high = _mm256_cmpgt_epi32(key.raw, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(node + 8)));
  return static_cast<uint32_t>(
      __builtin_popcount(static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_packs_epi32(low, high)))));
#else
  const auto beyond = [&](size_t i) HWY_ATTR {
    return _mm_cmpgt_epi32(key.raw, _mm_loadu_si128(reinterpret_cast<const __m128i*>(node + i)));
  };
  const __m128i bytes = _mm_packs_epi16(_mm_packs_epi32(beyond(0), beyond(4)), _mm_packs_epi32(beyond(8), beyond(12)));
  return 2 * static_cast<uint32_t>(__builtin_popcount(static_cast<uint32_t>(_mm_movemask_epi8(bytes))));
#endif
}

/// A key's rank, by a feature's tree of 16 keys a node.
template <uint32_t kLevels>
HWY_INLINE uint32_t FanRankOf(const int32_t* fans, const RankedFeature& feature, int32_t key) {
  const Keys keys = hn::Set(I32(), key);
  uint32_t at = 0;
  for (uint32_t level = 0; level < (kLevels > 0 ? kLevels : feature.fan_levels); ++level) {
    const int32_t* node = fans + feature.first_fan[level] + size_t{RankMap::kFan} * at;
    at = RankMap::kFan * at + TwiceBeyond(node, keys) / 2;
  }
  return at;
}

/// Ranks of a vector of keys, one by one, by a feature's tree of 16 keys a node.
template <uint32_t kLevels>
HWY_INLINE Keys FanRankOf(const int32_t* fans, const RankedFeature& feature, Keys key) {
  const I32 d;
  alignas(64) int32_t keys[kKeys], ranks[kKeys];
  hn::Store(key, d, keys);
  for (size_t i = 0; i < kKeys; ++i) ranks[i] = static_cast<int32_t>(FanRankOf<kLevels>(fans, feature, keys[i]));
  return hn::Load(d, ranks);
}

/// Fills a feature's columns from its values.
template <class Rank>
HWY_INLINE void RankColumn(const Rank& rank, const BlockLayout& layout, const RankedFeature& feature,
                           const float* values, size_t padded, uint8_t* columns) {
  const hn::ScalableTag<float> df;
  uint8_t* column = columns + size_t{feature.first_column} * layout.rows;
  for (size_t r = 0; r < padded; r += kKeys) {
    const auto x = hn::Load(df, values + r);
    StoreRanks(rank(KeysOf(x)), hn::RebindMask(I32(), hn::IsNaN(x)), feature, layout.rows, column + r);
  }
}

template <uint32_t kLevels>
HWY_NOINLINE void RankByFan(const BlockLayout& layout, const RankedFeature& feature, const float* values, size_t padded,
                            uint8_t* columns) {
  const int32_t* fans = layout.ranks.fans().data();
  RankColumn([&](Keys key) HWY_ATTR { return FanRankOf<kLevels>(fans, feature, key); }, layout, feature, values, padded,
             columns);
}

#if HWY_TARGET <= HWY_AVX2

template <int kLevels>
HWY_NOINLINE void RankByHeap(const BlockLayout& layout, const RankedFeature& feature, const float* values,
                             size_t padded, uint8_t* columns) {
  const int32_t* heap = layout.ranks.heaps().data() + feature.first_heap;
  RankColumn([heap](Keys key) HWY_ATTR { return RankOf<kLevels>(heap, key, hn::Set(I32(), 1)); }, layout, feature,
             values, padded, columns);
}

#endif

HWY_INLINE void RankFeature(const BlockLayout& layout, const RankedFeature& feature, const float* values, size_t padded,
                            uint8_t* columns) {
#if HWY_TARGET <= HWY_AVX2
  switch (feature.heap_levels) {
    case 1:
      return RankByHeap<1>(layout, feature, values, padded, columns);
    case 2:
      return RankByHeap<2>(layout, feature, values, padded, columns);
    case 3:
      return RankByHeap<3>(layout, feature, values, padded, columns);
    case 4:
      return RankByHeap<4>(layout, feature, values, padded, columns);
    case 5:
      return RankByHeap<5>(layout, feature, values, padded, columns);
    case 6:
      return RankByHeap<6>(layout, feature, values, padded, columns);
    case 7:
      return RankByHeap<7>(layout, feature, values, padded, columns);
    case 8:
      return RankByHeap<8>(layout, feature, values, padded, columns);
    default:
      break;
  }
#endif
  switch (feature.fan_levels) {
    case 1:
      return RankByFan<1>(layout, feature, values, padded, columns);
    case 2:
      return RankByFan<2>(layout, feature, values, padded, columns);
    case 3:
      return RankByFan<3>(layout, feature, values, padded, columns);
    default:
      return RankByFan<0>(layout, feature, values, padded, columns);
  }
}

/// Copies the values of four neighbouring features to columns, row by row; rows past the last repeat it.
template <class Row>
HWY_INLINE void TransposeFour(const Row& row, size_t padded, size_t room, float* out) {
  const hn::ScalableTag<float> d;
  for (size_t r = 0; r < padded; r += kKeys) {
    hn::Vec<hn::ScalableTag<float>> x[4];
    LoadFour([&](size_t i) HWY_ATTR { return row(r + i); }, x);
    for (size_t j = 0; j < 4; ++j) hn::Store(x[j], d, out + j * room + r);
  }
}

/// Features come in fours, which are neighbours in memory. The last four may reach back over features that are done.
HWY_NOINLINE void RankRows(const BlockLayout& layout, const float* rows, size_t stride, size_t count,
                           uint8_t* columns) {
  constexpr size_t kMaxRows = 512;
  alignas(64) float values[4 * kMaxRows];
  alignas(64) float narrow[4 * kMaxRows];
  const size_t padded = (count + kKeys - 1) / kKeys * kKeys;
  if (stride < 4) {  // too narrow to load four values of the last row
    for (size_t r = 0; r < count; ++r)
      for (size_t f = 0; f < 4; ++f) narrow[4 * r + f] = f < stride ? rows[r * stride + f] : 0;
    rows = narrow;
    stride = 4;
  }
  const auto& features = layout.ranks.features();
  for (size_t i = 0; i < features.size();) {
    const size_t first = std::min<size_t>(features[i].feature, stride - 4);
    TransposeFour([&](size_t r) { return rows + std::min(r, count - 1) * stride + first; }, padded, kMaxRows, values);
    for (; i < features.size() && features[i].feature < first + 4; ++i)
      RankFeature(layout, features[i], values + (features[i].feature - first) * kMaxRows, padded, columns);
  }
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_RANKS_INL_H_
