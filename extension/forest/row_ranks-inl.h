// The ranks of one row, and their look-up for a vector of nodes. Included once for each target.
#if defined(LAMINA_FOREST_ROW_RANKS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_ROW_RANKS_INL_H_
#undef LAMINA_FOREST_ROW_RANKS_INL_H_
#else
#define LAMINA_FOREST_ROW_RANKS_INL_H_
#endif

#include <algorithm>
#include <cstring>

#include "extension/forest/nodes-inl.h"
#include "extension/forest/ranks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

/// A row's ranks, by column, kNoColumn, and the answers of sets from kAnswersAt on.
struct RowRanks {
  alignas(64) uint8_t bytes[kAnswersAt + kMaxAnswers];
  size_t columns;  // in use

  HWY_INLINE explicit RowRanks(size_t count) : columns(count) {
    for (size_t i = 0; i < kNoColumn; i += kLanes) hn::Store(hn::Zero(U8()), U8(), bytes + i);
  }
};

/// The keys of a row's first values, and which of them are NaN. The last vector may reach back over what is done.
struct RowKeys {
  alignas(64) int32_t keys[kRowKeys];
  alignas(64) int32_t nan[kRowKeys];  // all bits, or none

  HWY_INLINE RowKeys(const float* row, size_t count) {
    const hn::ScalableTag<float> d;
    for (size_t i = 0; i < count && count < kKeys; ++i) Set(i, hn::Set(d, row[i]));
    for (size_t i = 0; i < count && count >= kKeys; i += kKeys) {
      const size_t at = std::min(i, count - kKeys);
      Set(at, hn::LoadU(d, row + at));
    }
  }

 private:
  HWY_INLINE void Set(size_t i, hn::Vec<hn::ScalableTag<float>> x) {
    hn::StoreU(KeysOf(x), I32(), keys + i);
    hn::StoreU(hn::BitCast(I32(), hn::VecFromMask(hn::ScalableTag<float>(), hn::IsNaN(x))), I32(), nan + i);
  }
};

/// The ranks of a single row, by column: a vector of rows would do the work of all its lanes for one of them.
HWY_INLINE void RankRow(const RankMap& ranks, const SingleLayout& layout, const float* row, uint8_t* bytes) {
  constexpr uint32_t kHalfFan = RankMap::kFan / 2;
  const int32_t* fans = ranks.fans().data();
  const RowKeys of(row, layout.keys);
  for (const RowFeature& feature : layout.features) {
    const Keys key = hn::Set(I32(), of.keys[feature.feature]);
    const uint32_t above = TwiceBeyond(fans + feature.root, key);
    const uint32_t here = TwiceBeyond(fans + feature.below + kHalfFan * size_t{above}, key);
    const uint32_t byte = (kHalfFan * above + here / 2) ^ 0x80;
    bytes[feature.low] = static_cast<uint8_t>(byte);
    bytes[feature.high] = static_cast<uint8_t>(byte ^ static_cast<uint32_t>(of.nan[feature.feature]));
  }
  for (const RankedFeature& feature : layout.other_features) {
    const float x = row[feature.feature];
    const auto rank = static_cast<int32_t>(FanRankOf<0>(fans, feature, KeyOf(x)));
    uint8_t* column = bytes + feature.first_column;
    for (uint32_t s = 0; s < feature.segments; ++s) {
      const auto byte = static_cast<uint8_t>(std::clamp(rank - static_cast<int32_t>(s * feature.step), 0, 255));
      if (feature.nan_low) *column++ = byte ^ 0x80;
      if (feature.nan_high) *column++ = (x != x ? 255 : byte) ^ 0x80;
    }
  }
}

/// Copies what all sets answer to the row.
HWY_NOINLINE void AnswerSets(const BlockLayout& layout, const float* values, RowRanks& row) {
  for (const SetAnswers& of : layout.single->set_answers) {
    const float x = values[of.feature];
    const RankedFeature& feature = layout.ranks.FeatureOf(of.feature);
    const size_t rank = x != x ? feature.cuts + 1 : FanRankOf<0>(layout.ranks.fans().data(), feature, KeyOf(x));
    std::memcpy(row.bytes + of.column, layout.single->answers.data() + of.first + rank * of.sets, of.sets);
  }
}

/// The ranks for a vector of nodes.
HWY_INLINE Bytes RanksOf(const RowRanks& row, Bytes column) {
#if HWY_TARGET <= HWY_AVX3_DL
  const auto table = [&](size_t i) HWY_ATTR { return _mm512_load_si512(row.bytes + 64 * i); };
  if (row.columns <= 64) return Bytes{_mm512_permutexvar_epi8(column.raw, table(0))};
  const __m512i low = _mm512_permutex2var_epi8(table(0), column.raw, table(1));
  if (row.columns <= 128) return Bytes{low};
  return Bytes{_mm512_mask_mov_epi8(low, _mm512_movepi8_mask(column.raw),
                                    _mm512_permutex2var_epi8(table(2), column.raw, table(3)))};
#else
  const U8 d;
  Bytes out = hn::Zero(d);
  for (size_t i = 0; i < row.columns; i += kTableEntries) {  // as in weights-inl.h: an index outside these 16 gives 0
    const Bytes index = hn::SaturatedAdd(hn::Xor(column, hn::Set(d, static_cast<uint8_t>(i))), hn::Set(d, 0x70));
    out = hn::Or(out, hn::TableLookupBytesOr0(hn::LoadDup128(d, row.bytes + i), index));
  }
  return out;
#endif
}

/// The same where no more than 16 * kTables columns are in use, a power of two: a chain of blends as short as can be.
template <int kTables>
HWY_INLINE Bytes LookUpRanks(const uint8_t* ranks, Bytes column) {
  const U8 d;
  if constexpr (kTables == 1) {
    return hn::TableLookupBytes(hn::LoadDup128(d, ranks), column);
  } else if constexpr (kTables == 16) {  // an index of 128 or more is none in the tables
    const Bytes low = hn::And(column, hn::Set(d, 0x7F));
    return hn::IfThenElse(hn::MaskFromVec(column), LookUpRanks<8>(ranks + 128, low), LookUpRanks<8>(ranks, low));
  } else {
    // The bit that tells the halves becomes the highest, which a blend looks at.
    constexpr int kShift = kTables == 2 ? 3 : kTables == 4 ? 2 : 1;
    const hn::Repartition<uint16_t, U8> d16;
    const Bytes upper = hn::BitCast(d, hn::ShiftLeft<kShift>(hn::BitCast(d16, column)));
    return hn::IfThenElse(hn::MaskFromVec(upper), LookUpRanks<kTables / 2>(ranks + 8 * kTables, column),
                          LookUpRanks<kTables / 2>(ranks, column));
  }
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_ROW_RANKS_INL_H_
