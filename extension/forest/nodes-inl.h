// Leaf numbers of a block of rows: the nodes of one tree, for many rows at once. Included once for each target.
#if defined(LAMINA_FOREST_NODES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_NODES_INL_H_
#undef LAMINA_FOREST_NODES_INL_H_
#else
#define LAMINA_FOREST_NODES_INL_H_
#endif

#include "extension/forest/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

/// number, plus `bit` where rank > threshold.
HWY_INLINE Bytes AddBit(Bytes number, Ranks rank, Ranks threshold, Bytes bit) {
#if HWY_TARGET <= HWY_AVX3
  return Bytes{_mm512_mask_add_epi8(number.raw, hn::Gt(rank, threshold).raw, number.raw, bit.raw)};
#else
  return hn::Or(number, hn::And(bit, hn::BitCast(U8(), hn::VecFromMask(I8(), hn::Gt(rank, threshold)))));
#endif
}

template <int kDepth, size_t kVectors>
HWY_INLINE void ObliviousVectors(const Test* tests, const uint8_t* columns, uint8_t* leaves) {
  Bytes number[kVectors];
  for (size_t v = 0; v < kVectors; ++v) number[v] = hn::Zero(U8());
  for (int level = 0; level < kDepth; ++level) {
    const uint8_t* column = columns + tests[level].column;
    const Ranks threshold = Threshold(tests[level].threshold);
    const Bytes bit = hn::Set(U8(), static_cast<uint8_t>(1u << (kDepth - 1 - level)));
    for (size_t v = 0; v < kVectors; ++v) number[v] = AddBit(number[v], RanksAt(column + v * kLanes), threshold, bit);
  }
  for (size_t v = 0; v < kVectors; ++v) hn::Store(number[v], U8(), leaves + v * kLanes);
}

template <int kDepth>
HWY_INLINE void ObliviousTree(const Test* tests, const uint8_t* columns, size_t vectors, uint8_t* leaves) {
  size_t v = 0;
  for (; v + 2 <= vectors; v += 2) ObliviousVectors<kDepth, 2>(tests, columns + v * kLanes, leaves + v * kLanes);
  if (v < vectors) ObliviousVectors<kDepth, 1>(tests, columns + v * kLanes, leaves + v * kLanes);
}

/// A program for kVectors vectors at a time, from vector v on, as long as there are so many. Its body is free of
/// branches: operands are places on the stack or constants, and the difference is a step of 0. Returns the next vector.
template <size_t kVectors>
HWY_INLINE size_t RunOps(const Op* ops, size_t count, const uint8_t* columns, size_t v, size_t vectors, uint8_t* work) {
  for (; v + kVectors <= vectors; v += kVectors) {
    for (size_t i = 0; i < count; ++i) {
      const Op& op = ops[i];
      const uint8_t* column = columns + op.test.column + v * kLanes;
      const Ranks threshold = Threshold(op.test.threshold);
      uint8_t* out = work + size_t{op.out} * kVectorBytes + v * kLanes;
      const size_t step_a = op.step_a * kLanes, step_b = op.step_b * kLanes;
      const uint8_t *a = work + size_t{op.a} * kVectorBytes + v * step_a,
                    *b = work + size_t{op.b} * kVectorBytes + v * step_b;
      for (size_t j = 0; j < kVectors; ++j)
        hn::Store(Choose(hn::Load(U8(), a + j * step_a), hn::Load(U8(), b + j * step_b), RanksAt(column + j * kLanes),
                         threshold),
                  U8(), out + j * kLanes);
    }
  }
  return v;
}

HWY_NOINLINE void ProgramTree(const Op* ops, size_t count, const uint8_t* columns, size_t vectors, uint8_t* work) {
  size_t v = RunOps<8>(ops, count, columns, 0, vectors, work);
  v = RunOps<4>(ops, count, columns, v, vectors, work);
  v = RunOps<2>(ops, count, columns, v, vectors, work);
  RunOps<1>(ops, count, columns, v, vectors, work);
}

/// Whether values are members of sets: the set's bits are looked up by the rank, a byte of bits first, then the bit.
HWY_NOINLINE void TestSets(const SetTest* tests, size_t count, size_t rows, size_t vectors, uint8_t* columns,
                           uint8_t* slots) {
  const U8 d;
  alignas(16) static constexpr uint8_t kBit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const Bytes bit_of = hn::LoadDup128(d, kBit), sign = hn::Set(d, 0x80), five = hn::Set(d, 0x1F), three = hn::Set(d, 7);
  for (size_t i = 0; i < count; ++i) {
    const SetTest& test = tests[i];
    const Bytes low = hn::LoadDup128(d, test.bits.data()), high = hn::LoadDup128(d, test.bits.data() + 16);
    const uint8_t* column = columns + test.column * rows;
    uint8_t* slot = slots + test.slot * rows;
    const Bytes keep = hn::Set(d, test.first ? 0xFF : 0x00);
    for (size_t v = 0; v < vectors; ++v) {
      const Bytes rank = hn::Xor(hn::Load(d, column + v * kLanes), sign);
      const Bytes place =
          hn::And(hn::BitCast(d, hn::ShiftRight<3>(hn::BitCast(hn::ScalableTag<uint16_t>(), rank))), five);
      // A place below 16 is in `low`, one from 16 in `high`; the other look-up gives 0 as its index has the highest
      // bit.
      const Bytes in_low = hn::TableLookupBytesOr0(low, hn::SaturatedAdd(place, hn::Set(d, 0x70)));
      const Bytes in_high = hn::TableLookupBytesOr0(high, hn::Sub(place, hn::Set(d, 16)));
      const Bytes found = hn::And(hn::Or(in_low, in_high), hn::TableLookupBytes(bit_of, hn::And(rank, three)));
      // A member's answer is 0x80, the lowest rank; 0x7F, the highest, is no member's.
      const Bytes none = hn::VecFromMask(d, hn::Eq(found, hn::Zero(d)));
      const Bytes before = hn::Or(hn::Load(d, slot + v * kLanes), keep);
      const Bytes outside = hn::And(none, hn::VecFromMask(d, hn::Ne(before, sign)));
      hn::Store(hn::Xor(outside, sign), d, slot + v * kLanes);
    }
  }
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_NODES_INL_H_
