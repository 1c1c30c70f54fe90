#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_WRITE_OUTPUTS_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_WRITE_OUTPUTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/api/bytes.h"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"

namespace lamina::server {

/// Answers a request as an engine would, with outputs that depend on nothing but their number: small and large ones,
/// scalars, empty ones and strings; at most eight, two when the request names none.
absl::Status WriteOutputs(const InferRequest& request, OutputSink& sink);

/// The pieces of a message as one.
std::string Join(const std::vector<Bytes>& pieces);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_WRITE_OUTPUTS_H_
