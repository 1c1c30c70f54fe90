#include "server/protocols/tfserving/message_json.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"

namespace lamina::server {

absl::StatusOr<std::string> MessageJson(const google::protobuf::Message& message, JsonKeys keys) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = keys == JsonKeys::kAsInProto;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return absl::InternalError(absl::StrCat("no JSON for the reply: ", status.ToString()));
  return json;
}

}  // namespace lamina::server
