// Constants of an engine's model that lie in mapped files.
#ifndef LAMINA_PREPARE_MAPPED_CONSTANTS_H_
#define LAMINA_PREPARE_MAPPED_CONSTANTS_H_

#include <memory>
#include <vector>

#include "openvino/core/model.hpp"
#include "prepare/mapped_file.h"

namespace lamina::prepare {

/// Replaces every constant of the model, and of the graphs inside it, whose data lies in one of the mappings by one
/// over the same memory that keeps the mapping alive: the front-end's own only points there. No byte is copied.
void OwnMappedConstants(ov::Model& model, const std::vector<std::shared_ptr<const MappedFile>>& mappings);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_MAPPED_CONSTANTS_H_
