// Where a model says that its tensors' data are.
#ifndef LAMINA_PREPARE_CHECK_LOCATIONS_H_
#define LAMINA_PREPARE_CHECK_LOCATIONS_H_

#include <string_view>

#include "absl/status/status.h"
#include "prepare/onnx.pb.h"

namespace lamina::prepare {

/// The front-end takes the offset of external data of this location for an address in the memory of this process.
inline constexpr std::string_view kInMemory = "*/_ORT_MEM_ADDR_/*";

/// Fails with InvalidArgument if a tensor of the model as it came, anywhere in it, is at such an address: the model
/// would read whatever is there, or end the process.
absl::Status CheckLocations(const onnx::Model& model);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_CHECK_LOCATIONS_H_
