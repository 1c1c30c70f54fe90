#ifndef LAMINA_SERVER_METRICS_DURATION_BUCKETS_H_
#define LAMINA_SERVER_METRICS_DURATION_BUCKETS_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace lamina::server {

/// The upper bounds of the buckets of every histogram of durations, in us: floor(10 x 1.8^i), as OpenVINO Model Server
/// has them. One more bucket takes what is longer.
inline constexpr auto kDurationBoundsUs = [] {
  std::array<uint64_t, 33> bounds{};
  double bound = 10;
  for (uint64_t& value : bounds) {
    value = static_cast<uint64_t>(bound);
    bound *= 1.8;
  }
  return bounds;
}();
inline constexpr size_t kDurationBuckets = kDurationBoundsUs.size() + 1;

/// The bucket of a duration: the first whose bound is not below it.
inline size_t DurationBucket(uint64_t ns) {
  // By the length of the number first: between two powers of two lie two bounds at most.
  static constexpr auto kFirst = [] {
    std::array<uint8_t, 65> first{};
    for (size_t bits = 0; bits < first.size(); ++bits) {
      const uint64_t least = bits == 0 ? 0 : uint64_t{1} << (bits - 1);
      while (first[bits] < kDurationBoundsUs.size() && kDurationBoundsUs[first[bits]] * 1000 < least) ++first[bits];
    }
    return first;
  }();
  size_t bucket = kFirst[std::bit_width(ns)];
  while (bucket < kDurationBoundsUs.size() && kDurationBoundsUs[bucket] * 1000 < ns) ++bucket;
  return bucket;
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_METRICS_DURATION_BUCKETS_H_
