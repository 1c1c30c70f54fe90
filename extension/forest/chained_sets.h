// The sets that the nodes of one tree ask for, while it is made: a chain of nodes is one set that is put together only
// when it is known how far the chain goes.
#ifndef LAMINA_EXTENSION_FOREST_CHAINED_SETS_H_
#define LAMINA_EXTENSION_FOREST_CHAINED_SETS_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "extension/forest/tree.h"

namespace lamina::forest {

class ChainedSets {
 public:
  /// The number of a node's own set. Equal sets have equal numbers.
  int32_t Own(ValueSet set);
  /// The number of the values of both. REQUIRES: `first` is of Own; they are of one feature.
  int32_t Join(int32_t first, int32_t rest);
  /// How many values the set has at the most: one of several links may be counted several times.
  uint64_t MostValues(int32_t number) const { return links_[number].most_values; }

  /// The place in `sets` of the set of this number, which is put there unless it, or an equal one, is there.
  int32_t PlaceIn(std::vector<ValueSet>& sets, int32_t number);

 private:
  struct Link {
    int32_t own = 0;    // in own_
    int32_t rest = -1;  // the number of a set to be joined with it, or -1
    uint64_t most_values = 0;
  };
  int32_t Add(int32_t own, int32_t rest);

  std::vector<ValueSet> own_;
  std::map<ValueSet, int32_t> own_places_;
  std::vector<Link> links_;
  std::map<std::pair<int32_t, int32_t>, int32_t> numbers_;  // of own and rest
  std::map<int32_t, int32_t> placed_;                       // a number's place
  std::map<ValueSet, int32_t> places_;
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_CHAINED_SETS_H_
