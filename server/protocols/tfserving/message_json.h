#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_MESSAGE_JSON_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_MESSAGE_JSON_H_

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/statusor.h"

namespace lamina::server {

enum class JsonKeys { kAsInProto, kCamelCase };

/// A message of the gRPC protocol as JSON, fields at their defaults included.
absl::StatusOr<std::string> MessageJson(const google::protobuf::Message& message, JsonKeys keys);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_MESSAGE_JSON_H_
