#ifndef LAMINA_SERVER_API_METADATA_H_
#define LAMINA_SERVER_API_METADATA_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/api/element_type.h"

namespace lamina::server {

/// An input or output of a model as clients see it: the types are the model file's own.
struct TensorInfo {
  std::string name;
  ElementType type = ElementType::kUndefined;
  /// -1: any size.
  std::vector<int64_t> shape;
  /// Nothing is known about the shape, not even its rank; `shape` is then empty.
  bool any_rank = false;
};

/// What a version of a model takes and gives, in the order of the model file. Immutable and shared.
struct Signature {
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  /// What preparing noted about tensors that were maps, under their names here: `lamina.classes.<output>` and
  /// `lamina.keys.<input>`, JSON lists of what the columns stand for.
  std::map<std::string, std::string> properties;
};

struct ModelMetadata {
  std::string name;
  /// The version that was asked for, or the default one.
  int64_t version = 0;
  /// Every version that answers requests now, ascending.
  std::vector<int64_t> versions;
  /// The format the model came in: "onnx", "openvino", "tensorflow", "paddle", "tflite".
  std::string platform;
  std::shared_ptr<const Signature> signature;
};

/// A version's life; it only moves forward. The numbers are TensorFlow Serving's.
enum class VersionState {
  kStart = 10,
  kLoading = 20,
  kAvailable = 30,
  kUnloading = 40,
  kEnd = 50,
};

struct VersionStatus {
  int64_t version = 0;
  VersionState state = VersionState::kStart;
  /// Why a version did not load: a sentence of which model, what is wrong, what to do. OK otherwise.
  absl::Status error;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_METADATA_H_
