#include "extension/forest/row_features.h"

namespace lamina::forest {
namespace {

constexpr size_t kMaxAnswerBytes = size_t{1} << 20;  // for all ranks of all features

/// A member's answer is the lowest rank, which is beyond no threshold; any other's the highest.
void MarkMembers(const ValueSet& set, uint32_t place, const RankMap& ranks, const SetAnswers& of,
                 std::vector<uint8_t>& answers) {
  const RankedFeature& feature = ranks.FeatureOf(set.feature);
  const auto mark = [&](uint32_t rank) { answers[of.first + size_t{rank} * of.sets + place] = 0x80; };
  for (const double v : set.values) mark(ranks.RankOfMember(feature, v));
  if (set.nan) mark(feature.cuts + 1);
}

}  // namespace

void AddRowFeatures(const RankMap& ranks, SingleLayout& out) {
  for (const RankedFeature& f : ranks.features()) {
    if (f.segments > 1 || f.fan_levels > 2 || f.feature >= kRowKeys) {
      out.other_features.push_back(f);
      continue;
    }
    const auto low = static_cast<uint16_t>(f.first_column), high = static_cast<uint16_t>(low + f.nan_low);
    out.features.push_back({.feature = f.feature,
                            .root = f.fan_levels == 2 ? f.first_fan[0] : RankMap::kNoFan,
                            .below = f.first_fan[f.fan_levels - 1],
                            .low = f.nan_low ? low : kNoColumn,
                            .high = f.nan_high ? high : kNoColumn});
    out.keys = f.feature + 1;
  }
}

SetColumns AddSetAnswers(const std::vector<Tree>& trees, const RankMap& ranks, SingleLayout& out) {
  SetColumns column_of;
  for (const Tree& tree : trees)
    for (const ValueSet& set : tree.sets) column_of.try_emplace(set, 0);
  size_t bytes = 0;
  for (const auto& [set, column] : column_of) bytes += ranks.FeatureOf(set.feature).cuts + size_t{2};
  if (column_of.size() > kMaxAnswers || bytes > kMaxAnswerBytes) return {};
  uint32_t next = kAnswersAt;
  for (auto& [set, column] : column_of) {
    column = next++;
    if (out.set_answers.empty() || out.set_answers.back().feature != set.feature)
      out.set_answers.push_back({.feature = set.feature, .column = column});
    ++out.set_answers.back().sets;
  }
  for (SetAnswers& of : out.set_answers) {
    of.first = static_cast<uint32_t>(out.answers.size());
    out.answers.resize(out.answers.size() + (ranks.FeatureOf(of.feature).cuts + size_t{2}) * of.sets, 0x7F);
  }
  auto of = out.set_answers.begin();
  for (const auto& [set, column] : column_of) {
    if (of->feature != set.feature) ++of;
    MarkMembers(set, column - of->column, ranks, *of, out.answers);
  }
  return column_of;
}

}  // namespace lamina::forest
