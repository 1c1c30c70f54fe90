#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_DATATYPE_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_DATATYPE_H_

#include "proto/tensorflow/types.pb.h"
#include "server/api/element_type.h"

namespace lamina::server {

/// TensorFlow's word for an element type; DT_INVALID for kUndefined.
tensorflow::DataType ToTensorflowType(ElementType type);

/// The element type of TensorFlow's; kUndefined when it has none (complex numbers, quantised types, resources, ...).
ElementType FromTensorflowType(tensorflow::DataType type);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_DATATYPE_H_
