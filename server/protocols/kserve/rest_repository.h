#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REPOSITORY_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REPOSITORY_H_

#include <google/protobuf/map.h>

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/kserve/inference.pb.h"
#include "server/api/repository.h"
#include "server/api/statistics.h"
#include "server/protocols/http/json_writer.h"

namespace lamina::server {

/// Whether `{"ready": true}` asks for versions that answer alone. Every body here may be empty, and keys that are not
/// known are passed over.
absl::StatusOr<bool> ReadIndexBody(std::string_view body);

/// Reads `{"parameters": {...}}` of a load or an unload.
absl::Status ReadParametersBody(std::string_view body,
                                google::protobuf::Map<std::string, inference::ModelRepositoryParameter>& parameters);

void WriteRepositoryIndex(std::span<const IndexEntry> index, JsonWriter& json);

void WriteModelStatistics(std::span<const ModelStatistics> statistics, JsonWriter& json);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REPOSITORY_H_
