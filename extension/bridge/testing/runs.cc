#include "extension/bridge/testing/runs.h"

#include <cstdlib>
#include <filesystem>

#include "extension/bridge/extensions.h"
#include "openvino/core/graph_util.hpp"
#include "sdk/loader/library.h"

namespace lamina::bridge {

ov::Core TestCore() {
  const auto library = loader::Library::Open(LAMINA_TEST_LAYERS);
  ov::Core core;
  core.add_extension(ExtensionsOf(LayersOf(*library->table(), library)));
  core.set_property("CPU", ov::hint::inference_precision(ov::element::f32));
  return core;
}

std::shared_ptr<ov::Model> Read(ov::Core& core, const OnnxModel& model) {
  return core.read_model(model.Bytes(), ov::Tensor());
}

ov::TensorVector OutputsOf(ov::CompiledModel& model, const ov::TensorVector& inputs) {
  auto request = model.create_infer_request();
  for (size_t i = 0; i < inputs.size(); ++i) request.set_input_tensor(i, inputs[i]);
  request.infer();
  ov::TensorVector outputs;
  for (size_t i = 0; i < model.outputs().size(); ++i) {
    const ov::Tensor output = request.get_output_tensor(i);
    outputs.emplace_back(output.get_element_type(), output.get_shape());
    if (output.get_size() != 0) output.copy_to(outputs.back());  // crashes on an empty tensor
  }
  return outputs;
}

ov::TensorVector OutputsOf(ov::Core& core, const OnnxModel& model, const ov::TensorVector& inputs) {
  auto compiled = core.compile_model(Read(core, model), "CPU");
  return OutputsOf(compiled, inputs);
}

std::string ErrorOf(ov::Core& core, const OnnxModel& model, const ov::TensorVector& inputs) {
  try {
    OutputsOf(core, model, inputs);
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "lamina_bridge_XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

std::shared_ptr<ov::Model> ThroughIr(ov::Core& core, const std::shared_ptr<ov::Model>& model,
                                     const TemporaryFolder& folder) {
  ov::save_model(model, folder / "model.xml", false);
  return core.read_model(folder / "model.xml");
}

}  // namespace lamina::bridge
