// Finding the place of a value in a list of numbers or strings: what encoders are made of.
#ifndef LAMINA_EXTENSION_LAYERS_LOOKUP_H_
#define LAMINA_EXTENSION_LAYERS_LOOKUP_H_

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lamina::layers {

inline constexpr int32_t kNotFound = -1;

/// Which place a key has that is in the list twice.
enum class Repeated { kFirst, kLast };

/// Numbers of one kind, integers or floating point. -0 is 0 and every NaN is the same. Constant once made.
class NumberLookup {
 public:
  NumberLookup() = default;
  template <class T>
  explicit NumberLookup(const std::vector<T>& keys, Repeated repeated = Repeated::kFirst) {
    Reserve(keys);
    for (size_t i = 0; i < keys.size(); ++i) Insert(Bits(keys[i]), static_cast<int32_t>(i), repeated);
  }

  template <class T>
  int32_t Find(T key) const {
    const uint64_t bits = Bits(key);
    if (is_dense_) return bits - lowest_ < places_.size() ? places_[bits - lowest_] : kNotFound;
    for (size_t at = Hash(bits) & mask_;; at = (at + 1) & mask_) {
      if (places_[at] == kNotFound || keys_[at] == bits) return places_[at];
    }
  }

 private:
  template <class T>
  static uint64_t Bits(T key) {
    if constexpr (std::is_floating_point_v<T>) {
      const double value = static_cast<double>(key) + 0.0;  // -0 + 0 is 0
      return std::isnan(value) ? ~uint64_t{0} : std::bit_cast<uint64_t>(value);
    } else {
      return static_cast<uint64_t>(static_cast<int64_t>(key));
    }
  }
  static size_t Hash(uint64_t bits) {
    bits *= 0x9E3779B97F4A7C15u;
    return bits ^ bits >> 32;
  }

  template <class T>
  void Reserve(const std::vector<T>& keys) {
    if constexpr (std::is_integral_v<T>) {
      if (!keys.empty() && ReserveDense(*std::min_element(keys.begin(), keys.end()),
                                        *std::max_element(keys.begin(), keys.end()), keys.size()))
        return;
    }
    const size_t size = std::bit_ceil(2 * keys.size() + 1);
    keys_.assign(size, 0);
    places_.assign(size, kNotFound);
    mask_ = size - 1;
  }
  /// Integers that lie close together, as categories mostly do, are found by their distance from the lowest.
  bool ReserveDense(int64_t lowest, int64_t highest, size_t count) {
    const uint64_t range = static_cast<uint64_t>(highest) - static_cast<uint64_t>(lowest);
    is_dense_ = range < 4 * count + 1024;
    if (is_dense_) places_.assign(range + 1, kNotFound);
    lowest_ = static_cast<uint64_t>(lowest);
    return is_dense_;
  }
  void Insert(uint64_t bits, int32_t place, Repeated repeated) {
    size_t at = is_dense_ ? bits - lowest_ : Hash(bits) & mask_;
    while (!is_dense_ && places_[at] != kNotFound && keys_[at] != bits) at = (at + 1) & mask_;
    if (places_[at] != kNotFound && repeated == Repeated::kFirst) return;
    if (!is_dense_) keys_[at] = bits;
    places_[at] = place;
  }

  bool is_dense_ = false;
  uint64_t lowest_ = 0;
  // Dense: the place of lowest_ + i. Else open addressing, at most half full; a single empty slot to begin with.
  std::vector<int32_t> places_ = {kNotFound};
  std::vector<uint64_t> keys_ = {0};
  size_t mask_ = 0;
};

/// Strings, compared byte by byte. Constant once made.
class StringLookup {
 public:
  StringLookup() = default;
  explicit StringLookup(const std::vector<std::string>& keys, Repeated repeated = Repeated::kFirst) {
    places_.reserve(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      const auto [entry, is_new] = places_.try_emplace(keys[i], static_cast<int32_t>(i));
      if (!is_new && repeated == Repeated::kLast) entry->second = static_cast<int32_t>(i);
    }
  }

  int32_t Find(std::string_view key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? kNotFound : found->second;
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> places_;
};

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_LOOKUP_H_
