#include "server/protocols/tfserving/model_status.h"

#include "absl/strings/str_cat.h"

namespace lamina::server {

void WriteModelStatus(std::span<const VersionStatus> versions, tensorflow::serving::GetModelStatusResponse& response) {
  using tensorflow::serving::ModelVersionStatus;
  for (const VersionStatus& version : versions) {
    ModelVersionStatus& status = *response.add_model_version_status();
    status.set_version(version.version);
    status.set_state(static_cast<ModelVersionStatus::State>(version.state));
    status.mutable_status();  // there even when it says OK
    if (!version.error.ok()) {
      status.mutable_status()->set_error_code(tensorflow::error::UNKNOWN);
      status.mutable_status()->set_error_message(
          absl::StrCat("Error occurred while loading version: ", std::string(version.error.message())));
    }
  }
}

}  // namespace lamina::server
