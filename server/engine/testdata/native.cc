// A native OpenVINO extension with one operation.
#include <memory>
#include <vector>

#include "openvino/core/extension.hpp"
#include "openvino/core/op_extension.hpp"
#include "server/engine/testdata/plus_one.h"

OPENVINO_CREATE_EXTENSIONS(std::vector<ov::Extension::Ptr>{
    std::make_shared<ov::OpExtension<lamina::server::testing::PlusOne>>()})
