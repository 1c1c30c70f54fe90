#include "extension/forest/chained_sets.h"

#include <algorithm>

namespace lamina::forest {
namespace {

void Sort(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

int32_t ChainedSets::Own(ValueSet set) {
  Sort(set.values);
  const auto [found, added] = own_places_.emplace(std::move(set), static_cast<int32_t>(own_.size()));
  if (added) own_.push_back(found->first);
  return Add(found->second, -1);
}

int32_t ChainedSets::Join(int32_t first, int32_t rest) { return Add(links_[first].own, rest); }

int32_t ChainedSets::Add(int32_t own, int32_t rest) {
  const auto [found, added] = numbers_.try_emplace({own, rest}, static_cast<int32_t>(links_.size()));
  if (added) links_.push_back({own, rest, own_[own].values.size() + (rest < 0 ? 0 : links_[rest].most_values)});
  return found->second;
}

int32_t ChainedSets::PlaceIn(std::vector<ValueSet>& sets, int32_t number) {
  const auto [placed, is_new] = placed_.try_emplace(number, 0);
  if (!is_new) return placed->second;
  ValueSet all{.feature = own_[links_[number].own].feature};
  all.values.reserve(links_[number].most_values);
  for (int32_t at = number; at >= 0; at = links_[at].rest) {
    const ValueSet& own = own_[links_[at].own];
    all.values.insert(all.values.end(), own.values.begin(), own.values.end());
    all.nan |= own.nan;
  }
  Sort(all.values);
  const auto [found, added] = places_.emplace(std::move(all), static_cast<int32_t>(sets.size()));
  if (added) sets.push_back(found->first);
  return placed->second = found->second;
}

}  // namespace lamina::forest
