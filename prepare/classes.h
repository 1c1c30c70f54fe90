// Class keys as JSON lists: how the keys of a map that became the columns of a tensor are kept in the model's metadata.
#ifndef LAMINA_PREPARE_CLASSES_H_
#define LAMINA_PREPARE_CLASSES_H_

#include <string>

#include "prepare/onnx.pb.h"

namespace lamina::prepare {

/// `["a","b"]` or `[0,1]`: the strings of the attribute if it has any, else its integers.
std::string KeysAsJson(const onnx::Attribute& keys);

/// How many keys the attribute holds.
int KeyCount(const onnx::Attribute& keys);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_CLASSES_H_
