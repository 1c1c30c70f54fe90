#include "server/protocols/tfserving/model_status.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

TEST(TfModelStatusTest, StatesAndErrors) {
  const VersionStatus versions[] = {
      {.version = 1, .state = VersionState::kEnd},
      {.version = 2, .state = VersionState::kAvailable},
      {.version = 3, .state = VersionState::kLoading, .error = absl::NotFoundError("no layer X")}};
  tensorflow::serving::GetModelStatusResponse response;
  WriteModelStatus(versions, response);
  ASSERT_EQ(response.model_version_status_size(), 3);
  EXPECT_EQ(response.model_version_status(0).version(), 1);
  EXPECT_EQ(response.model_version_status(0).state(), tensorflow::serving::ModelVersionStatus::END);
  EXPECT_EQ(response.model_version_status(1).state(), tensorflow::serving::ModelVersionStatus::AVAILABLE);
  EXPECT_TRUE(response.model_version_status(1).has_status());
  EXPECT_EQ(response.model_version_status(1).status().error_code(), tensorflow::error::OK);
  EXPECT_EQ(response.model_version_status(1).status().error_message(), "");
  EXPECT_EQ(response.model_version_status(2).state(), tensorflow::serving::ModelVersionStatus::LOADING);
  EXPECT_EQ(response.model_version_status(2).status().error_code(), tensorflow::error::UNKNOWN);
  EXPECT_EQ(response.model_version_status(2).status().error_message(),
            "Error occurred while loading version: no layer X");
}

}  // namespace
}  // namespace lamina::server
