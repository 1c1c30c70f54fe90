// What becomes of versions and their requests while models are changed, and what the log says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/api/log_text.h"
#include "server/models/repository_testing.h"

namespace lamina::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::KeepingSink;
using testing::LogText;

using ChangingVersionsTest = testing::RepositoryTest;

TEST_F(ChangingVersionsTest, EachVersionIsRefinedOnceItAnswers) {
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

TEST_F(ChangingVersionsTest, AVersionThatComesBackIsRefinedOnce) {
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

TEST_F(ChangingVersionsTest, AVersionThatIsWantedAgainComesBackWhenItsLastRequestIsDone) {
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

TEST_F(ChangingVersionsTest, RequestsEndOnTheVersionTheyBeganOn) {
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

TEST_F(ChangingVersionsTest, NumbersGoOnWhenAModelIsReplacedAndBeginAnewWhenItWasUnloaded) {
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

TEST_F(ChangingVersionsTest, NoRequestFailsWhileAModelIsReplaced) {
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

TEST_F(ChangingVersionsTest, TheLogSaysThatAVersionStaysForWantOfAnother) {
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

TEST_F(ChangingVersionsTest, ALabelOfAVersionThatIsNotServedIsWarnedOfWhenItIsConfigured) {
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
