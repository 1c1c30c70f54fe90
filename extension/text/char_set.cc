#include "extension/text/char_set.h"

#include <algorithm>
#include <unordered_map>

#include "extension/text/letter_case.h"
#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

/// For each letter that has several cases all the others of them: k, K and the Kelvin sign are one family.
const std::unordered_map<char32_t, std::vector<char32_t>>& OtherCases() {
  static const auto* families = [] {
    constexpr char32_t kLastWithCase = 0x1FFFF;
    std::unordered_map<char32_t, std::vector<char32_t>> by_lower;
    for (char32_t c = 0; c <= kLastWithCase; ++c) {
      const char32_t lower = ToLower(ToUpper(c));
      if (lower != c || ToUpper(c) != c || ToLower(c) != c) by_lower[lower].push_back(c);
    }
    auto* others = new std::unordered_map<char32_t, std::vector<char32_t>>;
    for (const auto& [lower, family] : by_lower) {
      for (const char32_t c : family) {
        for (const char32_t other : family) {
          if (other != c) (*others)[c].push_back(other);
        }
      }
    }
    return others;
  }();
  return *families;
}

}  // namespace

CharSet::CharSet(std::initializer_list<Range> ranges) {
  for (const Range& range : ranges) Add(range.first, range.last);
}

void CharSet::Add(char32_t first, char32_t last) {
  const auto begin = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& r) { return r.last + 1 >= first; });
  auto end = begin;
  for (; end != ranges_.end() && end->first <= last + 1; ++end) {
    first = std::min(first, end->first);
    last = std::max(last, end->last);
  }
  ranges_.insert(ranges_.erase(begin, end), {first, last});
}

void CharSet::Add(const CharSet& other) {
  for (const Range& range : other.ranges_) Add(range.first, range.last);
}

CharSet CharSet::Negated() const {
  CharSet negated;
  char32_t next = 0;
  for (const Range& range : ranges_) {
    if (range.first > next) negated.ranges_.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kLastCodePoint) negated.ranges_.push_back({next, kLastCodePoint});
  return negated;
}

CharSet CharSet::WithBothCases() const {
  CharSet both = *this;
  for (const auto& [letter, others] : OtherCases()) {
    if (!Has(letter)) continue;
    for (const char32_t other : others) both.Add(other, other);
  }
  return both;
}

bool CharSet::Has(char32_t c) const {
  const auto after =
      std::upper_bound(ranges_.begin(), ranges_.end(), c, [](char32_t x, const Range& r) { return x < r.first; });
  return after != ranges_.begin() && std::prev(after)->last >= c;
}

}  // namespace lamina::text
