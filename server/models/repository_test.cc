#include "server/models/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/api/log_text.h"
#include "server/models/repository_testing.h"

namespace lamina::server {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LogText;
using testing::RepositoryTest;

TEST_F(RepositoryTest, TheIndexHasEveryVersionAndWhy) {
  PutVersion("bad", 1, "bad");
  PutVersion("m", 1);
  PutVersion("m", 2);
  const auto core = Start({Config("m", {.kind = VersionPolicy::Kind::kAll}), Config("bad"), Config("nowhere")});
  core->WaitForFirstLoads();
  const std::string nowhere = (folder_.path() / "nowhere").string();
  EXPECT_THAT(
      core->RepositoryIndex(false),
      ElementsAre(IndexEntry{"bad", 1, VersionState::kEnd, "bad 1 is bad"},
                  IndexEntry{"m", 1, VersionState::kAvailable, ""}, IndexEntry{"m", 2, VersionState::kAvailable, ""},
                  IndexEntry{"nowhere", 0, VersionState::kEnd,
                             absl::StrCat("model 'nowhere' has no version that answers: there is no ", nowhere,
                                          "; correct the path")}));
  EXPECT_THAT(core->RepositoryIndex(true), ElementsAre(IndexEntry{"m", 1, VersionState::kAvailable, ""},
                                                       IndexEntry{"m", 2, VersionState::kAvailable, ""}));
}

TEST_F(RepositoryTest, AModelIsUnloadedAndLoaded) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  ASSERT_TRUE(core->WaitForFirstLoads());
  EXPECT_TRUE(Unload(*core, "m").ok());
  EXPECT_FALSE(core->ModelReady("m", {}).ok());
  EXPECT_FALSE(core->Ready());
  EXPECT_THAT(core->Models(), IsEmpty());
  Eventually("its version has ended", [&] {
    return core->RepositoryIndex(false) == std::vector{IndexEntry{"m", 1, VersionState::kEnd, "unloaded"}};
  });
  EXPECT_EQ(alive_, 0);
  EXPECT_EQ(core->Status("m", std::nullopt)->at(0).state, VersionState::kEnd);
  EXPECT_TRUE(Unload(*core, "m").ok()) << "it is what was wanted";
  EXPECT_TRUE(Load(*core, "m").ok());
  EXPECT_TRUE(core->ModelReady("m", {}).ok());
  EXPECT_TRUE(core->Ready());
  EXPECT_EQ(core->RepositoryIndex(false).size(), 1u);
}

TEST_F(RepositoryTest, WhatIsNotKnownIsRefused) {
  const auto core = Start({});
  EXPECT_EQ(Unload(*core, "m").message(), "There is no model 'm' to unload.");
  const absl::Status load = Load(*core, "m");
  EXPECT_TRUE(absl::IsNotFound(load));
  EXPECT_THAT(std::string(load.message()),
              AllOf(HasSubstr("no model 'm' in the configuration"), HasSubstr("base_path")));
  EXPECT_THAT(std::string(Reload(*core).message()), HasSubstr("--config_path"));
}

TEST_F(RepositoryTest, AClientsSettingsGoOverTheConfiguredOnes) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  ASSERT_TRUE(core->WaitForFirstLoads());
  EXPECT_TRUE(Load(*core, "m", R"({"nireq": 3})").ok());
  EXPECT_EQ(Platform(*core), "fake 3");
  EXPECT_TRUE(Load(*core, "m", R"({"nireq": 4})").ok());
  EXPECT_EQ(Platform(*core), "fake 4");
  EXPECT_THAT(std::string(Load(*core, "m", R"({"nirek": 4})").message()), HasSubstr("did you mean 'nireq'"));
  EXPECT_EQ(Platform(*core), "fake 4");
  EXPECT_TRUE(Load(*core, "m").ok());
  EXPECT_EQ(Platform(*core), "fake") << "without settings: as it is configured";
  Eventually("those that were replaced are gone", [&] { return alive_ == 1; });
}

TEST_F(RepositoryTest, AClientMayBringAModel) {
  PutVersion("m", 1);
  PutVersion("new", 4);
  const auto core = Start({Config("m")});
  ASSERT_TRUE(core->WaitForFirstLoads());
  const std::string config = absl::StrCat(R"({"base_path": ")", (folder_.path() / "new").string(), R"("})");
  EXPECT_TRUE(Load(*core, "new", config).ok());
  EXPECT_TRUE(core->ModelReady("new", {.version = 4}).ok());
  EXPECT_TRUE(Load(*core, "new").ok()) << "it is served already";
}

TEST_F(RepositoryTest, AModelThatCannotBeLoadedSaysWhyAndIsTriedAgain) {
  PutVersion("m", 1, "bad");
  const auto core = Start({Config("m")});
  core->WaitForFirstLoads();
  const absl::Status status = Load(*core, "m");
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(status.message(), "model 'm' has no version that answers: m 1 is bad");
  PutVersion("m", 1, "good");
  EXPECT_TRUE(Load(*core, "m").ok());
}

TEST_F(RepositoryTest, AChangeThatFailsLeavesWhatAnswers) {
  PutVersion("m", 1);
  PutVersion("other", 1, "bad");
  const auto core = Start({Config("m")});
  ASSERT_TRUE(core->WaitForFirstLoads());
  const std::string config = absl::StrCat(R"({"base_path": ")", (folder_.path() / "other").string(), R"("})");
  EXPECT_THAT(std::string(Load(*core, "m", config).message()),
              AllOf(HasSubstr("m 1 is bad"), HasSubstr("stays as it was")));
  EXPECT_TRUE(core->ModelReady("m", {}).ok());
}

TEST_F(RepositoryTest, TheConfigurationIsReadAgain) {
  for (const char* name : {"stays", "goes", "comes", "changes"}) PutVersion(name, 1);
  PutVersion("changes", 2);
  const std::string path = WriteConfig({Entry("stays"), Entry("goes"), Entry("changes")});
  const auto core = Start({Config("stays"), Config("goes"), Config("changes")}, path);
  ASSERT_TRUE(core->WaitForFirstLoads());
  const int loads = loads_;
  WriteConfig({Entry("stays"), Entry("comes"),
               Entry("changes", R"(, "model_version_policy": {"all": {}}, "version_labels": {"old": 1})")});
  const absl::Status reloaded = Reload(*core);
  EXPECT_TRUE(reloaded.ok()) << reloaded;
  EXPECT_THAT(core->Models(), ElementsAre("changes", "comes", "stays"));
  EXPECT_THAT(Versions(*core, "changes"), ElementsAre(1, 2));
  EXPECT_EQ(core->Metadata("changes", {.label = "old"})->version, 1);
  EXPECT_FALSE(core->Metadata("goes", {}).ok());
  EXPECT_EQ(loads_, loads + 2) << "what did not change, and what can settle, is not loaded again";
}

TEST_F(RepositoryTest, ABrokenConfigurationChangesNothing) {
  PutVersion("m", 1);
  const std::string path = WriteConfig({Entry("m")});
  const auto core = Start({Config("m")}, path);
  ASSERT_TRUE(core->WaitForFirstLoads());
  WriteConfig({Entry("m", R"(, "nirek": 1)"), R"({"name": "n"})"});
  const absl::Status broken = Reload(*core);
  EXPECT_THAT(std::string(broken.message()),
              AllOf(HasSubstr(path), HasSubstr("did you mean 'nireq'"), HasSubstr("'base_path' is missing"),
                    HasSubstr("nothing is changed")));
  std::ofstream(path) << "{";
  EXPECT_THAT(std::string(Reload(*core).message()), HasSubstr("not valid JSON"));
  std::filesystem::remove(path);
  EXPECT_THAT(std::string(Reload(*core).message()), HasSubstr("cannot be read"));
  EXPECT_TRUE(core->ModelReady("m", {}).ok());
  EXPECT_EQ(loads_, 1);
}

TEST_F(RepositoryTest, AConfigurationThatChangesIsNoticed) {
  PutVersion("a", 1);
  PutVersion("b", 1);
  const std::string path = WriteConfig({Entry("a")});
  const auto core = Start({Config("a")}, path);
  ASSERT_TRUE(core->WaitForFirstLoads());
  WriteConfig({Entry("a"), Entry("b")});
  Eventually("b is served", [&] { return core->ModelReady("b", {}).ok(); });
  WriteConfig({Entry("b")});
  Eventually("a is not", [&] { return !core->ModelReady("a", {}).ok(); });
}

TEST_F(RepositoryTest, AConfigurationThatCannotBeReadIsTold) {
  const LogText log;
  PutVersion("a", 1);
  const std::string path = WriteConfig({Entry("a")});
  const auto core = Start({Config("a")}, path);
  ASSERT_TRUE(core->WaitForFirstLoads());
  std::filesystem::remove(path);
  Eventually("it is told", [&] { return log.Has("E " + path + ": cannot be read: "); });
  WriteConfig({Entry("a")});
  Eventually("and that it is back", [&] { return log.Has("I " + path + " can be read again"); });
  EXPECT_TRUE(core->ModelReady("a", {}).ok());
  EXPECT_EQ(loads_, 1);
}

TEST_F(RepositoryTest, ASetOfModelsIsTakenAsAWhole) {
  PutVersion("m", 1);
  PutVersion("n", 1);
  PutVersion("n", 2);
  ModelConfig tuned = Config("m");
  tuned.nireq = 7;
  const auto core = Start({tuned});
  ASSERT_TRUE(core->WaitForFirstLoads());
  const std::string m = (folder_.path() / "m").string(), n = (folder_.path() / "n").string();
  EXPECT_TRUE(Set(*core, {{.name = "m", .base_path = m, .version_labels = {{"l", 1}}},
                          {.name = "n", .base_path = n, .version_policy = {.num_versions = 2}}})
                  .ok());
  EXPECT_EQ(Platform(*core), "fake 7") << "other settings stay";
  EXPECT_TRUE(core->ModelReady("m", {.label = "l"}).ok());
  EXPECT_THAT(Versions(*core, "n"), ElementsAre(1, 2));
  EXPECT_THAT(std::string(Set(*core, {{.name = "n", .base_path = n}, {.name = "n", .base_path = "s3://n"}}).message()),
              AllOf(HasSubstr("'n' is there twice"), HasSubstr("remote storage")));
  EXPECT_THAT(core->Models(), ElementsAre("m", "n"));
  EXPECT_TRUE(Set(*core, {}).ok());
  EXPECT_THAT(core->Models(), IsEmpty());
}

TEST_F(RepositoryTest, StoppingAnswersTheChangesThatWait) {
  PutVersion("m", 1);
  auto core = Start({Config("m")});
  std::atomic<int> answers = 0;
  for (int i = 0; i < 20; ++i) {
    core->LoadModel("m", absl::StrCat("{\"nireq\": ", i, "}"), [&](absl::Status) { ++answers; });
    core->UnloadModel("m", [&](absl::Status) { ++answers; });
  }
  core.reset();
  EXPECT_EQ(answers, 40);
  EXPECT_EQ(alive_, 0);
}

}  // namespace
}  // namespace lamina::server
