#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REPOSITORY_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REPOSITORY_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/kserve/inference.pb.h"
#include "server/api/repository.h"

namespace lamina::server {

/// KServe's word for a version's state: READY, LOADING, ...
std::string_view KserveState(VersionState state);

/// An error when a request names a repository: there is one, without a name.
absl::Status CheckRepositoryName(const std::string& name);

void WriteRepositoryIndex(std::span<const IndexEntry> index, inference::RepositoryIndexResponse& response);

/// What a load wants changed of the model's settings, as JSON; nothing when it wants nothing. INVALID_ARGUMENT or
/// UNIMPLEMENTED names what cannot be taken.
absl::StatusOr<std::optional<std::string>> ReadLoadConfig(const inference::RepositoryModelLoadRequest& request);

/// An error when an unload asks for something that is not known.
absl::Status CheckUnload(const inference::RepositoryModelUnloadRequest& request);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REPOSITORY_H_
