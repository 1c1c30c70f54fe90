// What is shared by the makers of single rows' trees: the layout that they add to, and where each tree's answer is
// found.
#ifndef LAMINA_EXTENSION_FOREST_SINGLE_PARTS_H_
#define LAMINA_EXTENSION_FOREST_SINGLE_PARTS_H_

#include <cstdint>
#include <vector>

#include "extension/forest/layout.h"
#include "extension/forest/row_features.h"
#include "extension/forest/tree_tails.h"

namespace lamina::forest {

class SingleParts {
 public:
  SingleParts(const std::vector<Tree>& trees, const BlockLayout& layout, float absent);

  const Tree& tree(uint32_t t) const { return trees_[t]; }
  const BlockLayout& layout() const { return layout_; }
  float absent() const { return absent_; }
  SingleLayout& out() { return out_; }
  const SingleLayout& out() const { return out_; }

  /// False: sets have no columns, and trees with them are not walked.
  bool has_set_columns() const { return !column_of_.empty(); }

  /// Where the tree's branches find their answers.
  PlaceOfBranch PlacesIn(const Tree& tree) const;

  /// A section of trees, which are added between the two.
  void BeginSection(uint32_t begin, uint32_t end);
  void EndSection();

  /// Room for leaf numbers or weights of the section: the place of the first.
  uint32_t TakePlaces(uint32_t count);

  /// Tree t's leaf number is at `place`; number i stands for leaf leaf_of[i].
  void AddLookups(uint32_t t, uint32_t place, const std::vector<uint32_t>& leaf_of);

  /// Adds tails for tree t below `levels`; the weight is at `place`. REQUIRES: HasTails(tree(t)).
  void AddWeighed(uint32_t t, uint32_t levels, uint32_t place);

 private:
  bool IsStraight(size_t first) const;

  const std::vector<Tree>& trees_;
  const BlockLayout& layout_;
  const float absent_;
  SetColumns column_of_;
  uint32_t next_place_ = 0, first_tree_ = 0;
  std::vector<std::vector<SingleLookup>> lookups_of_;  // of the section, a tree each
  SingleLayout out_;
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_SINGLE_PARTS_H_
