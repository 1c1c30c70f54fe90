#include <lamina/layer.h>

#include <cstring>

#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

uint32_t Rotated(uint32_t x, int by) { return std::rotl(x, by); }

/// MurmurHash3_x86_32 of the bytes (Austin Appleby, public domain: SMHasher).
uint32_t Hash(const void* bytes, size_t size, uint32_t seed) {
  constexpr uint32_t kC1 = 0xcc9e2d51, kC2 = 0x1b873593;
  const auto* at = static_cast<const unsigned char*>(bytes);
  uint32_t hash = seed;
  size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    uint32_t block;
    std::memcpy(&block, at + i, 4);
    hash = Rotated(hash ^ Rotated(block * kC1, 15) * kC2, 13) * 5 + 0xe6546b64;
  }
  uint32_t rest = 0;
  for (size_t k = size; k-- > i;) rest = rest << 8 | at[k];
  if (i < size) hash ^= Rotated(rest * kC1, 15) * kC2;
  hash ^= static_cast<uint32_t>(size);
  hash = (hash ^ hash >> 16) * 0x85ebca6b;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35;
  return hash ^ hash >> 16;
}

/// y = the 32-bit MurmurHash3 of each element's bytes.
///
/// Inputs: x, string, i32, u32, i64, u64, f32 or f64, of any shape.
/// Attributes: seed (default 0); positive (default 1): whether the hash is unsigned.
/// Outputs: y, u32, or i32 with positive=0, of x's shape.
/// Source: com.microsoft MurmurHash3, 1; scikit-learn's FeatureHasher.
/// Accuracy: to the bit.
struct MurmurHash3 {
  int64_t seed = 0, positive = 1;

  void Infer(const Inference& inference) const {
    inference.SetOutputLike(0, positive != 0 ? LAMINA_U32 : LAMINA_I32, inference.In(0));
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    auto* y = static_cast<uint32_t*>(call.Out(0).data());
    const bool is_text = x.type() == LAMINA_STRING;
    const size_t bytes = x.type() == LAMINA_I32 || x.type() == LAMINA_U32 || x.type() == LAMINA_F32 ? 4 : 8;
    call.ParallelFor(x.size(), Grain(16), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        const std::string_view text = is_text ? x.As<std::string_view>()[i]
                                              : std::string_view(static_cast<const char*>(x.data()) + i * bytes, bytes);
        y[i] = Hash(text.data(), text.size(), static_cast<uint32_t>(seed));
      }
    });
  }
};

LAMINA_LAYER(MurmurHash3, .Onnx("com.microsoft")
                              .Doc("y = the 32-bit MurmurHash3 of each element")
                              .Input("x", Types<std::string_view, int32_t, uint32_t, int64_t, uint64_t, float, double>)
                              .Output("y", Types<uint32_t, int32_t>)
                              .Attribute<&MurmurHash3::seed>("seed")
                              .Attribute<&MurmurHash3::positive>("positive")
                              .Example("positive=1 x=string[2]{\"Hello\",\"\"} -> y=u32[2]{316307400,0}"));

}  // namespace
}  // namespace lamina::layers
