#include "server/models/model_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "server/models/testing.h"

namespace lamina::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::KeepingSink;

using ModelCoreTest = testing::ModelsTest;

const VersionPolicy kAll{.kind = VersionPolicy::Kind::kAll};

TEST_F(ModelCoreTest, ServesTheHighestVersion) {
  PutVersion("m", 1);
  PutVersion("m", 12);
  folder_.Write("m/not_a_version/model.onnx", "good");
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  const auto metadata = core->Metadata("m", {});
  ASSERT_TRUE(metadata.ok()) << metadata.status();
  EXPECT_EQ(metadata->version, 12);
  EXPECT_THAT(metadata->versions, ElementsAre(12));
  EXPECT_EQ(metadata->platform, "fake");
  EXPECT_THAT(core->Models(), ElementsAre("m"));
  KeepingSink sink;
  const auto result = core->Infer({.model = "m"}, sink);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->version, 12);
}

TEST_F(ModelCoreTest, ABasePathMayBeTheModelItself) {
  folder_.Write("m/model.onnx", "good");
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  EXPECT_TRUE(core->ModelReady("m", {.version = 1}).ok());
}

TEST_F(ModelCoreTest, BadModelsAreReportedAndTheRestIsServed) {
  PutVersion("good", 1);
  PutVersion("bad", 1, "bad");
  const auto core = Start({Config("bad"), Config("good"), Config("missing")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  EXPECT_TRUE(core->ModelReady("good", {}).ok());
  const absl::Status bad = core->ModelReady("bad", {.version = 1});
  EXPECT_TRUE(absl::IsNotFound(bad));
  EXPECT_EQ(core->ModelReady("bad", {}).message(), "Servable not found for request: Specific(bad, 0): bad 1 is bad");
  EXPECT_EQ(bad.message(), "Servable not found for request: Specific(bad, 1): bad 1 is bad");
  EXPECT_THAT(std::string(core->ModelReady("missing", {}).message()),
              ::testing::StartsWith("Servable not found for request: Specific(missing, 0): there is no "));
  EXPECT_EQ(core->ModelReady("nobody", {.version = 7}).message(),
            "Servable not found for request: Specific(nobody, 7)");
  const auto statuses = core->Status("bad", std::nullopt);
  ASSERT_TRUE(statuses.ok() && statuses->size() == 1);
  EXPECT_EQ(statuses->at(0).state, VersionState::kEnd);
  EXPECT_EQ(statuses->at(0).error.message(), "bad 1 is bad");
}

TEST_F(ModelCoreTest, APolicyThatChoosesNothingIsToldWhatThereIs) {
  PutVersion("m", 1);
  PutVersion("m", 2);
  folder_.Write("zero/0/model.onnx", "good");
  ModelConfig config = Config("m");
  config.version_policy = {.kind = VersionPolicy::Kind::kSpecific, .versions = {7}};
  const auto core = Start({config, Config("zero")});
  EXPECT_FALSE(core->WaitForFirstLoads());
  EXPECT_THAT(std::string(core->ModelReady("m", {}).message()), HasSubstr("chooses none of the versions in"));
  EXPECT_THAT(std::string(core->ModelReady("m", {}).message()), HasSubstr(", 1, 2; name one of them"));
  EXPECT_THAT(std::string(core->ModelReady("zero", {}).message()), HasSubstr("no number of a version is 0"));
}

TEST_F(ModelCoreTest, NothingToServe) {
  PutVersion("bad", 1, "bad");
  const auto core = Start({Config("bad")});
  EXPECT_FALSE(core->WaitForFirstLoads());
  EXPECT_FALSE(core->Ready());
  EXPECT_TRUE(core->StartFailed());
  EXPECT_TRUE(core->Live());
  core->UnloadModel("bad", [](absl::Status) {});
  EXPECT_FALSE(core->StartFailed());
}

TEST_F(ModelCoreTest, TheFirstOfTwoOfOneNameCounts) {
  PutVersion("m", 1);
  PutVersion("other", 5);
  ModelConfig second = Config("other");
  second.name = "m";
  const auto core = Start({Config("m"), second});
  EXPECT_TRUE(core->WaitForFirstLoads());
  EXPECT_THAT(Versions(*core, "m"), ElementsAre(1));
}

TEST_F(ModelCoreTest, VersionsComeAndGo) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  PutVersion("m", 2);
  Eventually("version 2 takes over", [&] { return Versions(*core, "m") == std::vector<int64_t>{2}; });
  Eventually("version 1 is unloaded", [&] { return alive_ == 1; });
  Eventually("version 1 has ended",
             [&] { return core->Status("m", VersionSelector{.version = 1})->at(0).state == VersionState::kEnd; });
  Remove("m", 2);
  Eventually("version 1 is back", [&] { return Versions(*core, "m") == std::vector<int64_t>{1}; });
  Remove("m", 1);
  Eventually("nothing is left", [&] { return alive_ == 0; });
  EXPECT_FALSE(core->Ready());
  EXPECT_FALSE(core->StartFailed());
  PutVersion("m", 1);
  Eventually("it can come back", [&] { return core->Ready(); });
}

TEST_F(ModelCoreTest, ABadNewVersionDoesNotTakeTheModelAwayAndIsTriedAgainWhenItChanges) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  PutVersion("m", 2, "bad");
  Eventually("version 2 has failed", [&] {
    return core->Status("m", VersionSelector{.version = 2}).ok() &&
           core->Status("m", VersionSelector{.version = 2})->at(0).state == VersionState::kEnd;
  });
  EXPECT_THAT(Versions(*core, "m"), ElementsAre(1));
  PutVersion("m", 2, "good now");
  Eventually("version 2 takes over", [&] { return Versions(*core, "m") == std::vector<int64_t>{2}; });
}

TEST_F(ModelCoreTest, AVersionThatFailedAndIsDeletedIsForgotten) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  PutVersion("m", 2, "bad");
  Eventually("version 2 has failed", [&] {
    const auto statuses = core->Status("m", VersionSelector{.version = 2});
    return statuses.ok() && statuses->at(0).state == VersionState::kEnd;
  });
  Remove("m", 2);
  Eventually("it is forgotten", [&] { return !core->Status("m", VersionSelector{.version = 2}).ok(); });
  EXPECT_THAT(Versions(*core, "m"), ElementsAre(1));
}

TEST_F(ModelCoreTest, LabelsNameVersions) {
  PutVersion("m", 1);
  PutVersion("m", 2);
  ModelConfig config = Config("m", kAll);
  config.version_labels = {{"stable", 1}};
  const auto core = Start({config});
  EXPECT_TRUE(core->WaitForFirstLoads());
  EXPECT_EQ(core->Metadata("m", {.label = "stable"})->version, 1);
  EXPECT_EQ(core->Metadata("m", {})->version, 2);
  EXPECT_THAT(std::string(core->ModelReady("m", {.label = "canary"}).message()),
              HasSubstr("no version labelled 'canary'"));
  EXPECT_EQ(core->Status("m", std::nullopt)->size(), 2u);
}

TEST_F(ModelCoreTest, AVersionIsUnloadedAfterItsRequests) {
  std::latch gate(1);
  gate_ = &gate;
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  std::latch answered(1);
  int64_t version = 0;
  const InferRequest request{.model = "m"};
  core->InferAsync(request, sink, [&](absl::StatusOr<InferResult> result) {
    version = result->version;
    answered.count_down();
  });
  Remove("m", 1);
  Eventually("it takes no more requests", [&] { return !core->ModelReady("m", {}).ok(); });
  EXPECT_EQ(core->Status("m", std::nullopt)->at(0).state, VersionState::kUnloading);
  EXPECT_EQ(alive_, 1) << "its request still runs";
  gate.count_down();
  answered.wait();
  EXPECT_EQ(version, 1);
  Eventually("it is unloaded", [&] { return alive_ == 0; });
}

TEST_F(ModelCoreTest, StoppingWaitsForRequests) {
  std::latch gate(1);
  gate_ = &gate;
  PutVersion("m", 1);
  auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  std::atomic<bool> answered = false;
  const InferRequest request{.model = "m"};
  core->InferAsync(request, sink, [&](absl::StatusOr<InferResult>) { answered = true; });
  core->BeginShutdown();
  EXPECT_FALSE(core->Live());
  EXPECT_FALSE(core->Ready());
  std::thread opener([&] { gate.count_down(); });
  core.reset();
  EXPECT_TRUE(answered);
  EXPECT_EQ(alive_, 0);
  opener.join();
}

TEST_F(ModelCoreTest, RequestsGoOnWhileVersionsComeAndGo) {
  PutVersion("m", 1);
  const auto core = Start({Config("m", kAll)});
  EXPECT_TRUE(core->WaitForFirstLoads());
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
  for (int round = 0; round < 10; ++round) {
    const int before = loads_;
    PutVersion("m", 2);
    Eventually("version 2 is loaded", [&] { return loads_ > before && Versions(*core, "m").size() == 2; });
    Remove("m", 2);
    Eventually("version 2 is gone", [&] { return alive_ == 1; });
  }
  stop = true;
  clients.clear();
  EXPECT_GT(answers, 0);
}

TEST_F(ModelCoreTest, StatisticsOfOneModelAndOfAll) {
  PutVersion("a", 1);
  PutVersion("b", 1);
  PutVersion("b", 2);
  const auto core = Start({Config("a"), Config("b", kAll)});
  EXPECT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(core->Infer({.model = "b", .version = {.version = 1}}, sink).ok());
  const auto all = core->Statistics("", {}), b = core->Statistics("b", {}), b1 = core->Statistics("b", {.version = 1});
  ASSERT_TRUE(all.ok() && b.ok() && b1.ok());
  EXPECT_EQ(all->size(), 3u);
  EXPECT_EQ(b->size(), 2u);
  ASSERT_EQ(b1->size(), 1u);
  EXPECT_EQ(b1->at(0).model, "b");
  EXPECT_EQ(b1->at(0).version, 1);
  EXPECT_EQ(b1->at(0).execution_count, 3u);
  EXPECT_EQ(b1->at(0).queue.ns, 0u) << "nobody had to wait";
  EXPECT_EQ(b->at(1).execution_count, 0u);
  EXPECT_TRUE(absl::IsNotFound(core->Statistics("b", {.version = 3}).status()));
  EXPECT_TRUE(absl::IsNotFound(core->Statistics("c", {}).status()));
}

TEST_F(ModelCoreTest, MetricsSayWhatWasCalled) {
  PutVersion("m", 1);
  PutVersion("bad", 1, "bad");
  const auto core = Start({Config("m"), Config("bad")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  const Origin rest{Interface::kRest, Method::kPredict};
  EXPECT_TRUE(core->Infer({.model = "m", .origin = rest}, sink).ok());
  core->CountCall({Interface::kGrpc, Method::kModelReady}, "m", {}, true);
  core->CountCall({Interface::kGrpc, Method::kModelReady}, "nobody", {}, true);
  const std::string text = core->MetricsText();
  for (const char* line :
       {R"(ovms_requests_success{api="TensorFlowServing",interface="REST",method="Predict",name="m",version="1"} 1)",
        R"(ovms_requests_success{api="KServe",interface="gRPC",method="ModelReady",name="m",version="1"} 1)",
        R"(ovms_infer_req_queue_size{name="m",version="1"} 3)", R"(lamina_version_state{name="m",version="1"} 30)",
        R"(lamina_version_state{name="bad",version="1"} 50)"}) {
    EXPECT_THAT(text, HasSubstr(std::string(line) + "\n"));
  }
}

TEST_F(ModelCoreTest, RemoteStorageIsRefusedInWords) {
  EXPECT_THAT(std::string(FindVersions("s3://bucket/model").status().message()), HasSubstr("remote storage"));
  EXPECT_THAT(std::string(FindVersions(folder_.path()).status().message()), HasSubstr("folders called 1, 2"));
}

}  // namespace
}  // namespace lamina::server
