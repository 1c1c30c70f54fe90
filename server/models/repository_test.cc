#include "server/models/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>
#include <latch>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/api/log_text.h"
#include "server/models/testing.h"

namespace lamina::server {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KeepingSink;
using testing::LogText;

/// A change to a core's models, made and waited for.
class RepositoryTest : public testing::ModelsTest {
 protected:
  template <typename Ask>
  static absl::Status Made(const Ask& ask) {
    std::promise<absl::Status> made;
    ask([&](absl::Status status) { made.set_value(std::move(status)); });
    return made.get_future().get();
  }
  static absl::Status Load(Core& core, const std::string& model, const std::optional<std::string>& config = {}) {
    return Made([&](ChangeDone done) { core.LoadModel(model, config, std::move(done)); });
  }
  static absl::Status Unload(Core& core, const std::string& model) {
    return Made([&](ChangeDone done) { core.UnloadModel(model, std::move(done)); });
  }
  static absl::Status Reload(Core& core) {
    return Made([&](ChangeDone done) { core.ReloadConfig(std::move(done)); });
  }
  static absl::Status Set(Core& core, std::vector<WantedModel> models) {
    return Made([&](ChangeDone done) { core.SetModels(std::move(models), std::move(done)); });
  }

  /// Moved to its place, as the file is looked at all the time.
  std::string WriteConfig(const std::vector<std::string>& models) const {
    const std::string entries = absl::StrJoin(models, ", ", [](std::string* out, const std::string& model) {
      absl::StrAppend(out, "{\"config\": ", model, "}");
    });
    const std::filesystem::path beside = folder_.path() / "beside.json", path = folder_.path() / "config.json";
    std::ofstream(beside) << "{\"model_config_list\": [" << entries << "]}";
    std::filesystem::rename(beside, path);
    return path.string();
  }
  std::string Entry(const std::string& name, const std::string& more = "") const {
    return absl::StrCat("{\"name\": \"", name, "\", \"base_path\": \"", (folder_.path() / name).string(), "\"", more,
                        "}");
  }

  /// The settings that serve one version alone.
  static std::string OnlyVersion(int version) {
    return absl::StrCat(R"({"model_version_policy": {"specific": {"versions": [)", version, "]}}}");
  }
  ModelConfig ServingVersion1() const { return Config("m", {.kind = VersionPolicy::Kind::kSpecific, .versions = {1}}); }

  static std::string Platform(const Core& core, const std::string& model = "m") {
    const auto metadata = core.Metadata(model, {});
    return metadata.ok() ? metadata->platform : std::string(metadata.status().message());
  }
};

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

TEST_F(RepositoryTest, EachVersionIsRefinedOnceItAnswers) {
  PutVersion("m", 1);
  PutVersion("m", 2);
  const int before = testing::FakeModel::refined;
  const auto core = Start({Config("m", {.kind = VersionPolicy::Kind::kAll})});
  ASSERT_TRUE(core->WaitForFirstLoads());
  ASSERT_TRUE(Load(*core, "m").ok());  // looks again, and finds nothing new
  for (int i = 0; i < 1000 && testing::FakeModel::refined < before + 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(testing::FakeModel::refined, before + 2);
}

TEST_F(RepositoryTest, AVersionThatComesBackIsRefinedOnce) {
  PutVersion("m", 1);
  PutVersion("m", 2);
  const int before = testing::FakeModel::refined;
  const auto core = Start({ServingVersion1()});
  ASSERT_TRUE(core->WaitForFirstLoads());
  for (const int version : {2, 1, 2, 1}) {
    ASSERT_TRUE(Load(*core, "m", OnlyVersion(version)).ok());
    EXPECT_THAT(Versions(*core, "m"), ElementsAre(version));
  }
  Eventually("the last one is refined", [&] { return testing::FakeModel::refined > before; });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(testing::FakeModel::refined_again, 0);
}

TEST_F(RepositoryTest, AVersionThatIsWantedAgainComesBackWhenItsLastRequestIsDone) {
  std::latch gate(1);
  gate_ = &gate;
  poll_interval_ = {};
  PutVersion("m", 1);
  PutVersion("m", 2);
  const auto core = Start({ServingVersion1()});
  ASSERT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  std::promise<bool> answered;
  const InferRequest request{.model = "m"};
  core->InferAsync(request, sink, [&](const absl::StatusOr<InferResult>& result) { answered.set_value(result.ok()); });
  EXPECT_TRUE(Load(*core, "m", OnlyVersion(2)).ok());
  EXPECT_TRUE(Load(*core, "m", OnlyVersion(1)).ok());
  EXPECT_THAT(Versions(*core, "m"), ElementsAre(2)) << "the old one is still there";
  gate.count_down();
  EXPECT_TRUE(answered.get_future().get());
  Eventually("it is back", [&] { return Versions(*core, "m") == std::vector<int64_t>{1}; });
}

TEST_F(RepositoryTest, RequestsEndOnTheVersionTheyBeganOn) {
  std::latch gate(1);
  gate_ = &gate;
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  ASSERT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  std::promise<bool> answered;
  const InferRequest request{.model = "m"};
  core->InferAsync(request, sink, [&](const absl::StatusOr<InferResult>& result) { answered.set_value(result.ok()); });
  EXPECT_TRUE(Load(*core, "m", R"({"nireq": 2})").ok()) << "the change does not wait for the request";
  EXPECT_EQ(Platform(*core), "fake 2");
  EXPECT_TRUE(Unload(*core, "m").ok());
  Eventually("all but the request's own version is unloaded", [&] { return alive_ == 1; });
  gate.count_down();
  EXPECT_TRUE(answered.get_future().get());
  Eventually("it is unloaded", [&] { return alive_ == 0; });
}

TEST_F(RepositoryTest, NumbersGoOnWhenAModelIsReplacedAndBeginAnewWhenItWasUnloaded) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  ASSERT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  EXPECT_TRUE(core->Infer({.model = "m"}, sink).ok());
  EXPECT_TRUE(Load(*core, "m", R"({"nireq": 2})").ok());
  EXPECT_TRUE(core->Infer({.model = "m"}, sink).ok());
  EXPECT_EQ(core->Statistics("m", {})->at(0).execution_count, 2u);
  EXPECT_TRUE(Unload(*core, "m").ok());
  Eventually("it is unloaded", [&] { return alive_ == 0; });
  EXPECT_TRUE(Load(*core, "m").ok());
  EXPECT_EQ(core->Statistics("m", {})->at(0).execution_count, 0u);
}

TEST_F(RepositoryTest, NoRequestFailsWhileAModelIsReplaced) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  ASSERT_TRUE(core->WaitForFirstLoads());
  std::atomic<bool> stop = false;
  std::atomic<int> answers = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (!stop) {
        KeepingSink sink;
        const auto result = core->Infer({.model = "m"}, sink);
        ASSERT_TRUE(result.ok()) << result.status();
        ++answers;
      }
    });
  }
  for (int nireq = 1; nireq <= 20; ++nireq) {
    EXPECT_TRUE(Load(*core, "m", absl::StrCat("{\"nireq\": ", nireq, "}")).ok());
    EXPECT_EQ(Platform(*core), absl::StrCat("fake ", nireq));
  }
  stop = true;
  clients.clear();
  EXPECT_GT(answers, 0);
  Eventually("one is left", [&] { return alive_ == 1; });
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

TEST_F(RepositoryTest, TheLogSaysThatAVersionStaysForWantOfAnother) {
  const LogText log;
  PutVersion("m", 1);
  PutVersion("m", 2, "bad");
  const std::string one = R"(, "model_version_policy": {"specific": {"versions": [1]}})";
  const std::string path = WriteConfig({Entry("m", one)});
  const auto core = Start({ServingVersion1()}, path);
  ASSERT_TRUE(core->WaitForFirstLoads());
  WriteConfig({Entry("m", R"(, "model_version_policy": {"specific": {"versions": [2]}})")});
  (void)Reload(*core);
  Remove("m", 2);
  Eventually("it is told", [&] { return log.Has("chooses none of the versions"); });
  EXPECT_THAT(Versions(*core, "m"), ElementsAre(1));
  EXPECT_THAT(log.text(), HasSubstr("model 'm' goes on with version 1: model_version_policy chooses none"));
  Remove("m", 1);
  Eventually("it is gone", [&] { return Versions(*core, "m").empty(); });
  EXPECT_THAT(log.text(), HasSubstr("model 'm' has no version to serve: no model in the folder"));
}

TEST_F(RepositoryTest, ALabelOfAVersionThatIsNotServedIsWarnedOfWhenItIsConfigured) {
  const LogText log;
  PutVersion("m", 1);
  PutVersion("m", 2);
  const std::string path = WriteConfig({Entry("m")});
  ModelConfig labelled = Config("m");
  labelled.version_labels = {{"new", 2}, {"old", 1}};
  const auto core = Start({labelled}, path);
  ASSERT_TRUE(core->WaitForFirstLoads());
  EXPECT_THAT(log.text(), HasSubstr("W model 'm': the label 'old' stands for version 1, which is not served"));
  EXPECT_FALSE(log.Has("the label 'new'"));
  WriteConfig({Entry("m", R"(, "version_labels": {"canary": 3})")});
  Eventually("it is told", [&] { return log.Has("W model 'm': the label 'canary' stands for version 3"); });
  PutVersion("m", 3);
  Eventually("it answers", [&] { return core->ModelReady("m", {.label = "canary"}).ok(); });
  Remove("m", 3);
  Eventually("it is gone", [&] { return !core->ModelReady("m", {.label = "canary"}).ok(); });
  const std::vector<std::string> told = absl::StrSplit(log.text(), "the label '");
  EXPECT_EQ(told.size(), 3u) << "once each, whatever comes and goes";
}

}  // namespace
}  // namespace lamina::server
