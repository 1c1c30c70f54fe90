// Weights by leaf number, added to the sums of a block. Included once for each target.
//
// A tree's weights for a target are four tables of bytes: a look-up of 16 (or 64, or 128) bytes at a time gives one
// byte of every row's float, and the four are interleaved to floats. That leaves the rows of a vector in an order of
// its own: sums are kept in it, and RowOf undoes it once per block.
#if defined(LAMINA_FOREST_WEIGHTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_WEIGHTS_INL_H_
#undef LAMINA_FOREST_WEIGHTS_INL_H_
#else
#define LAMINA_FOREST_WEIGHTS_INL_H_
#endif

#include "extension/forest/nodes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

using F32 = hn::ScalableTag<float>;

/// The place among a vector's sums of row i of the vector.
constexpr size_t PlaceOfRow(size_t i) { return i / 4 % 4 * (kLanes / 4) + i / 16 * 4 + i % 4; }

/// Four bytes of each weight, from tables of kEntries.
template <uint32_t kEntries>
HWY_INLINE void LookUpBytes(const uint8_t* tables, Bytes leaf, Bytes* byte) {
  const U8 d;
  constexpr size_t kRoom = TableRoom(kEntries);
#if HWY_TARGET <= HWY_AVX3_DL
  for (size_t k = 0; k < 4; ++k) {
    const uint8_t* table = tables + k * kRoom;
    if constexpr (kEntries <= 64) {
      byte[k] = Bytes{_mm512_permutexvar_epi8(leaf.raw, _mm512_loadu_si512(table))};
    } else {
      byte[k] = Bytes{_mm512_permutex2var_epi8(_mm512_loadu_si512(table), leaf.raw, _mm512_loadu_si512(table + 64))};
      if constexpr (kEntries == 256) {
        const Bytes high{
            _mm512_permutex2var_epi8(_mm512_loadu_si512(table + 128), leaf.raw, _mm512_loadu_si512(table + 192))};
        byte[k] = Bytes{_mm512_mask_mov_epi8(byte[k].raw, _mm512_movepi8_mask(leaf.raw), high.raw)};
      }
    }
  }
#else
  for (size_t k = 0; k < 4; ++k) byte[k] = hn::Zero(d);
  for (uint32_t j = 0; j < kEntries;
       j += kTableEntries) {  // an index outside these 16 entries gets the highest bit, and with it 0
    const Bytes index = hn::SaturatedAdd(hn::Xor(leaf, hn::Set(d, static_cast<uint8_t>(j))), hn::Set(d, 0x70));
    for (size_t k = 0; k < 4; ++k)
      byte[k] = hn::Or(byte[k], hn::TableLookupBytesOr0(hn::LoadDup128(d, tables + k * kRoom + j), index));
  }
#endif
}

template <Aggregate kAggregate>
HWY_INLINE hn::Vec<F32> Combine(hn::Vec<F32> sum, hn::Vec<F32> weight) {
  if constexpr (kAggregate == Aggregate::kMin) return hn::IfThenElse(hn::Lt(weight, sum), weight, sum);
  if constexpr (kAggregate == Aggregate::kMax) return hn::IfThenElse(hn::Gt(weight, sum), weight, sum);
  return hn::Add(sum, weight);
}

/// The weights of `trees` trees, `rows` leaf numbers each, whose tables follow each other.
template <uint32_t kEntries, Aggregate kAggregate>
HWY_NOINLINE void AddWeights(const uint8_t* tables, uint32_t trees, const uint8_t* leaves, size_t rows, size_t vectors,
                             float* sums) {
  const U8 d;
  const hn::ScalableTag<uint16_t> d16;
  const F32 df;
  for (size_t v = 0; v < vectors; ++v) {
    hn::Vec<F32> sum[4];
    for (size_t j = 0; j < 4; ++j) sum[j] = hn::Load(df, sums + v * kLanes + j * (kLanes / 4));
    for (uint32_t t = 0; t < trees; ++t) {
      Bytes byte[4];
      LookUpBytes<kEntries>(tables + size_t{t} * 4 * TableRoom(kEntries), hn::Load(d, leaves + t * rows + v * kLanes),
                            byte);
      const auto low01 = hn::BitCast(d16, hn::InterleaveLower(d, byte[0], byte[1])),
                 high01 = hn::BitCast(d16, hn::InterleaveUpper(d, byte[0], byte[1]));
      const auto low23 = hn::BitCast(d16, hn::InterleaveLower(d, byte[2], byte[3])),
                 high23 = hn::BitCast(d16, hn::InterleaveUpper(d, byte[2], byte[3]));
      sum[0] = Combine<kAggregate>(sum[0], hn::BitCast(df, hn::InterleaveLower(d16, low01, low23)));
      sum[1] = Combine<kAggregate>(sum[1], hn::BitCast(df, hn::InterleaveUpper(d16, low01, low23)));
      sum[2] = Combine<kAggregate>(sum[2], hn::BitCast(df, hn::InterleaveLower(d16, high01, high23)));
      sum[3] = Combine<kAggregate>(sum[3], hn::BitCast(df, hn::InterleaveUpper(d16, high01, high23)));
    }
    for (size_t j = 0; j < 4; ++j) hn::Store(sum[j], df, sums + v * kLanes + j * (kLanes / 4));
  }
}

/// Adds a tree and those that are added together with it.
template <Aggregate kAggregate>
HWY_INLINE void AddTrees(const BlockLayout& layout, const LaidTree& tree, const uint8_t* leaves, size_t vectors,
                         float* sums) {
  for (uint32_t i = 0; i < tree.lookups; ++i) {
    const Lookup& lookup = layout.lookups[tree.first_lookup + i];
    const uint8_t* tables = layout.tables.data() + lookup.tables;
    float* sum = sums + size_t{lookup.target} * layout.rows;
    switch (tree.entries) {
      case 16:
        AddWeights<16, kAggregate>(tables, tree.together, leaves, layout.rows, vectors, sum);
        break;
      case 32:
        AddWeights<32, kAggregate>(tables, tree.together, leaves, layout.rows, vectors, sum);
        break;
      case 64:
        AddWeights<64, kAggregate>(tables, tree.together, leaves, layout.rows, vectors, sum);
        break;
      case 128:
        AddWeights<128, kAggregate>(tables, tree.together, leaves, layout.rows, vectors, sum);
        break;
      default:
        AddWeights<256, kAggregate>(tables, tree.together, leaves, layout.rows, vectors, sum);
        break;
    }
  }
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_WEIGHTS_INL_H_
