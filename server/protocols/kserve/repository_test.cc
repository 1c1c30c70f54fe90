#include "server/protocols/kserve/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace lamina::server {
namespace {

using ::testing::HasSubstr;

TEST(KserveRepositoryTest, Index) {
  const std::vector<IndexEntry> index = {{"a", 1, VersionState::kAvailable, ""},
                                         {"a", 2, VersionState::kLoading, ""},
                                         {"a", 3, VersionState::kUnloading, ""},
                                         {"a", 4, VersionState::kStart, ""},
                                         {"b", 0, VersionState::kEnd, "there is no /b"}};
  inference::RepositoryIndexResponse response;
  WriteRepositoryIndex(index, response);
  ASSERT_EQ(response.models_size(), 5);
  const char* const kStates[] = {"READY", "LOADING", "UNLOADING", "UNKNOWN", "UNAVAILABLE"};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(response.models(i).state(), kStates[i]);
  EXPECT_EQ(response.models(1).name(), "a");
  EXPECT_EQ(response.models(1).version(), "2");
  EXPECT_EQ(response.models(4).version(), "");
  EXPECT_EQ(response.models(4).reason(), "there is no /b");
}

TEST(KserveRepositoryTest, LoadTakesAConfigAlone) {
  inference::RepositoryModelLoadRequest request;
  EXPECT_THAT(std::string(ReadLoadConfig(request).status().message()), HasSubstr("model_name is empty"));
  request.set_model_name("m");
  EXPECT_EQ(*ReadLoadConfig(request), std::nullopt);
  auto& parameters = *request.mutable_parameters();
  parameters["config"].set_string_param("{}");
  EXPECT_EQ(**ReadLoadConfig(request), "{}");
  parameters["config"].set_int64_param(1);
  EXPECT_THAT(std::string(ReadLoadConfig(request).status().message()), HasSubstr("not a string"));
  parameters.clear();
  parameters["file:1/model.onnx"].set_bytes_param("model");
  EXPECT_TRUE(absl::IsUnimplemented(ReadLoadConfig(request).status()));
  EXPECT_THAT(std::string(ReadLoadConfig(request).status().message()), HasSubstr("file:1/model.onnx"));
  parameters.clear();
  parameters["confg"].set_string_param("{}");
  EXPECT_THAT(std::string(ReadLoadConfig(request).status().message()), HasSubstr("unknown parameter confg"));
  parameters.clear();
  request.set_repository_name("r");
  EXPECT_THAT(std::string(ReadLoadConfig(request).status().message()), HasSubstr("no repository 'r'"));
}

TEST(KserveRepositoryTest, UnloadTakesNoParameterThatItDoesNotKnow) {
  inference::RepositoryModelUnloadRequest request;
  EXPECT_FALSE(CheckUnload(request).ok());
  request.set_model_name("m");
  (*request.mutable_parameters())["unload_dependents"].set_bool_param(true);
  EXPECT_TRUE(CheckUnload(request).ok());
  (*request.mutable_parameters())["force"].set_bool_param(true);
  EXPECT_THAT(std::string(CheckUnload(request).message()), HasSubstr("unknown parameter force"));
}

}  // namespace
}  // namespace lamina::server
