#include "server/protocols/tfserving/reload_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using ::testing::HasSubstr;
using Kind = VersionPolicy::Kind;

TEST(ReloadConfigTest, ModelsWithTheirPoliciesAndLabels) {
  tensorflow::serving::ReloadConfigRequest request;
  auto& list = *request.mutable_config()->mutable_model_config_list();
  auto& plain = *list.add_config();
  plain.set_name("plain");
  plain.set_base_path("/plain");
  auto& labelled = *list.add_config();
  labelled.set_name("labelled");
  labelled.set_model_platform("tensorflow");
  (*labelled.mutable_version_labels())["stable"] = 7;
  labelled.mutable_model_version_policy()->mutable_latest()->set_num_versions(3);
  list.add_config()->mutable_model_version_policy()->mutable_all();
  auto& specific = *list.add_config()->mutable_model_version_policy()->mutable_specific();
  for (const int version : {5, 2, 5}) specific.add_versions(version);
  const auto models = ReadReloadConfig(request);
  ASSERT_TRUE(models.ok()) << models.status();
  ASSERT_EQ(models->size(), 4u);
  EXPECT_EQ(models->at(0).name, "plain");
  EXPECT_EQ(models->at(0).base_path, "/plain");
  EXPECT_EQ(models->at(0).version_policy, VersionPolicy{});
  EXPECT_EQ(models->at(1).version_policy, VersionPolicy{.num_versions = 3});
  EXPECT_EQ(models->at(1).version_labels, (std::map<std::string, int64_t>{{"stable", 7}}));
  EXPECT_EQ(models->at(2).version_policy, VersionPolicy{.kind = Kind::kAll});
  EXPECT_EQ(models->at(3).version_policy, (VersionPolicy{.kind = Kind::kSpecific, .versions = {2, 5}}));
}

TEST(ReloadConfigTest, WhatIsNoListOfModelsIsRefused) {
  tensorflow::serving::ReloadConfigRequest request;
  EXPECT_THAT(std::string(ReadReloadConfig(request).status().message()), HasSubstr("no model_config_list"));
  request.mutable_config()->mutable_custom_model_config();
  EXPECT_THAT(std::string(ReadReloadConfig(request).status().message()), HasSubstr("custom_model_config"));
  auto& list = *request.mutable_config()->mutable_model_config_list();
  EXPECT_TRUE(ReadReloadConfig(request)->empty()) << "no models at all is a wish, too";
  auto& specific = *list.add_config()->mutable_model_version_policy()->mutable_specific();
  EXPECT_FALSE(ReadReloadConfig(request).ok());
  specific.add_versions(0);
  EXPECT_THAT(std::string(ReadReloadConfig(request).status().message()), HasSubstr("versions from 1"));
}

TEST(ReloadConfigTest, TheStatusIsInTheResponse) {
  tensorflow::serving::ReloadConfigResponse response;
  WriteReloadStatus(absl::OkStatus(), response);
  EXPECT_TRUE(response.has_status());
  EXPECT_EQ(response.status().error_code(), tensorflow::error::OK);
  WriteReloadStatus(absl::FailedPreconditionError("why"), response);
  EXPECT_EQ(response.status().error_code(), tensorflow::error::FAILED_PRECONDITION);
  EXPECT_EQ(response.status().error_message(), "why");
}

}  // namespace
}  // namespace lamina::server
