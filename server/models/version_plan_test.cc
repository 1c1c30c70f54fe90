#include "server/models/version_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = VersionPolicy::Kind;
using Set = std::set<int64_t>;
using States = std::map<int64_t, VersionState>;
constexpr auto kStart = VersionState::kStart, kAvailable = VersionState::kAvailable,
               kUnloading = VersionState::kUnloading, kLoading = VersionState::kLoading, kEnd = VersionState::kEnd;

TEST(ChooseVersionsTest, FollowsThePolicy) {
  const auto latest = [](int64_t count) { return VersionPolicy{.num_versions = count}; };
  const auto specific = [](std::vector<int64_t> versions) {
    return VersionPolicy{.kind = Kind::kSpecific, .versions = std::move(versions)};
  };
  const VersionPolicy all{.kind = Kind::kAll};
  const Set disk{1, 2, 10};
  EXPECT_EQ(ChooseVersions(latest(1), {}), Set{});
  EXPECT_EQ(ChooseVersions(latest(1), disk), Set{10});
  EXPECT_EQ(ChooseVersions(latest(2), disk), (Set{2, 10}));
  EXPECT_EQ(ChooseVersions(latest(9), disk), disk);
  EXPECT_EQ(ChooseVersions(all, disk), disk);
  EXPECT_EQ(ChooseVersions(specific({2, 3}), disk), Set{2});
  EXPECT_EQ(ChooseVersions(specific({}), disk), Set{});
}

TEST(LabelWarningsTest, AreOfVersionsThatAreNotChosen) {
  EXPECT_THAT(LabelWarnings({}, {2}, {1, 2}), IsEmpty());
  EXPECT_THAT(LabelWarnings({{"new", 2}, {"newest", 2}}, {2}, {1, 2}), IsEmpty());
  EXPECT_THAT(
      LabelWarnings({{"canary", 7}, {"new", 2}, {"old", 1}}, {2, 3}, {1, 2, 3}),
      ElementsAre("the label 'canary' stands for version 7, which is not served: there are 1, 2, 3, of which "
                  "model_version_policy chooses 2, 3; add that version and have it chosen, or correct version_labels",
                  "the label 'old' stands for version 1, which is not served: there are 1, 2, 3, of which "
                  "model_version_policy chooses 2, 3; add that version and have it chosen, or correct version_labels"));
}

std::optional<VersionAction> Load(int64_t version) { return VersionAction{VersionAction::Kind::kLoad, version}; }
std::optional<VersionAction> Unload(int64_t version) { return VersionAction{VersionAction::Kind::kUnload, version}; }

TEST(NextActionTest, GoesFromWhatIsToWhatIsWanted) {
  const struct {
    const char* what;
    Set wanted, on_disk;
    States states;
    std::optional<VersionAction> action;
  } kTable[] = {
      {"nothing to do", {}, {}, {}, std::nullopt},
      {"a first version", {1}, {1}, {}, Load(1)},
      {"the newest first", {1, 2, 3}, {1, 2, 3}, {}, Load(3)},
      {"then the others", {1, 2, 3}, {1, 2, 3}, {{3, kAvailable}}, Load(2)},
      {"one that is to be tried again", {1}, {1}, {{1, kStart}}, Load(1)},
      {"all is there", {1, 2}, {1, 2}, {{1, kAvailable}, {2, kAvailable}}, std::nullopt},
      {"a new one before the old one goes", {2}, {1, 2}, {{1, kAvailable}}, Load(2)},
      {"the old one goes when the new one answers", {2}, {1, 2}, {{1, kAvailable}, {2, kAvailable}}, Unload(1)},
      {"the old one stays when the new one is bad", {2}, {1, 2}, {{1, kAvailable}, {2, kEnd}}, std::nullopt},
      {"one that is gone from disk goes, whatever the new one", {2}, {2}, {{1, kAvailable}, {2, kEnd}}, Unload(1)},
      {"the last one is removed", {}, {}, {{1, kAvailable}}, Unload(1)},
      {"a policy that wants none keeps what is on disk", {}, {1}, {{1, kAvailable}}, std::nullopt},
      {"on its way", {1}, {1}, {{1, kLoading}}, std::nullopt},
      {"on its way out", {}, {}, {{1, kUnloading}}, std::nullopt},
      {"a failed one is not tried again", {1}, {1}, {{1, kEnd}}, std::nullopt},
      {"a failed one does not stop the others", {1, 2}, {1, 2}, {{2, kEnd}}, Load(1)},
  };
  for (const auto& row : kTable) EXPECT_EQ(NextAction(row.wanted, row.on_disk, row.states), row.action) << row.what;
}

}  // namespace
}  // namespace lamina::server
