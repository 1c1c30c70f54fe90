// Constants of an engine's model over memory of mapped files.
#ifndef LAMINA_PREPARE_MAPPED_CONSTANTS_H_
#define LAMINA_PREPARE_MAPPED_CONSTANTS_H_

#include <memory>
#include <string>
#include <vector>

#include "openvino/core/model.hpp"
#include "openvino/runtime/core.hpp"
#include "prepare/mapped_file.h"

namespace lamina::prepare {

using Mappings = std::vector<std::shared_ptr<const MappedFile>>;

/// Reads a model with the mappings that MapExternalData made. Its constants are over that memory and keep it alive; no
/// byte of them is copied. The core gets an extension for it. Throws what the engine throws.
std::shared_ptr<ov::Model> ReadWithMappings(ov::Core& core, const std::string& model, const Mappings& mappings);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_MAPPED_CONSTANTS_H_
