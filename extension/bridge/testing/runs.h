// Runs small models in tests: an ov::Core with the test's library of layers.
#ifndef LAMINA_EXTENSION_BRIDGE_TESTING_RUNS_H_
#define LAMINA_EXTENSION_BRIDGE_TESTING_RUNS_H_

#include <string>
#include <vector>

#include "extension/bridge/testing/onnx_model.h"
#include "openvino/runtime/core.hpp"

namespace lamina::bridge {

/// A Core with the layers of testdata/test_layers.cc.
ov::Core TestCore();

/// Reads the model from memory.
std::shared_ptr<ov::Model> Read(ov::Core& core, const OnnxModel& model);

/// A tensor of these values; strings too.
template <class T>
ov::Tensor TensorOf(const ov::Shape& shape, const std::vector<T>& values) {
  ov::Tensor tensor(ov::element::from<T>(), shape);
  std::copy(values.begin(), values.end(), tensor.data<T>());
  return tensor;
}
template <class T>
std::vector<T> ValuesOf(const ov::Tensor& tensor) {
  return {tensor.data<T>(), tensor.data<T>() + tensor.get_size()};
}

/// All outputs for these inputs. Copies, as the request is gone after it.
ov::TensorVector OutputsOf(ov::CompiledModel& model, const ov::TensorVector& inputs);
ov::TensorVector OutputsOf(ov::Core& core, const OnnxModel& model, const ov::TensorVector& inputs);

/// What reading, compiling or running the model throws, "" if nothing.
std::string ErrorOf(ov::Core& core, const OnnxModel& model, const ov::TensorVector& inputs);

/// A folder that is removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The model saved as IR and read back.
std::shared_ptr<ov::Model> ThroughIr(ov::Core& core, const std::shared_ptr<ov::Model>& model,
                                     const TemporaryFolder& folder);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_TESTING_RUNS_H_
