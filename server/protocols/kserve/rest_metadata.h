#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_METADATA_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_METADATA_H_

#include "server/api/metadata.h"
#include "server/protocols/http/json_writer.h"

namespace lamina::server {

/// Says in KServe's words, over REST, what this server is.
void WriteServerMetadata(JsonWriter& json);

/// Says in KServe's words, over REST, what a model takes and gives.
void WriteModelMetadata(const ModelMetadata& metadata, JsonWriter& json);

/// The same in the words of Triton's model configuration.
void WriteModelConfig(const ModelMetadata& metadata, JsonWriter& json);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_METADATA_H_
