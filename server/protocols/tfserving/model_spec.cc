#include "server/protocols/tfserving/model_spec.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace lamina::server {

VersionSelector ParseVersion(const tensorflow::serving::ModelSpec& spec) {
  VersionSelector selector;
  if (spec.has_version()) selector.version = spec.version().value();
  if (spec.has_version_label()) selector.label = spec.version_label();
  return selector;
}

absl::Status CheckSignatureName(std::string_view name) {
  if (name.empty() || name == kSignatureName) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("Serving signature key \"", std::string(name),
                                                 "\" not found. The only one is \"", kSignatureName,
                                                 "\"; leave signature_name out."));
}

absl::Status CheckSignatureName(const tensorflow::serving::ModelSpec& spec) {
  return CheckSignatureName(spec.signature_name());
}

}  // namespace lamina::server
