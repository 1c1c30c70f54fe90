#include "extension/bridge/extensions.h"

#include "extension/bridge/conversion.h"
#include "extension/bridge/log.h"
#include "extension/bridge/operation.h"
#include "openvino/core/op_extension.hpp"
#include "openvino/frontend/onnx/extension/conversion.hpp"
#include "openvino/frontend/tensorflow/extension/conversion.hpp"

namespace lamina::bridge {
namespace {

// Makes a layer's operation when a saved model is read.
class OperationExtension final : public ov::BaseOpExtension {
 public:
  OperationExtension(std::shared_ptr<const Layer> layer, const ov::DiscreteTypeInfo& type_info)
      : layer_(std::move(layer)), type_info_(type_info) {}

  const ov::DiscreteTypeInfo& get_type_info() const override { return type_info_; }
  ov::OutputVector create(const ov::OutputVector& inputs, ov::AttributeVisitor& visitor) const override {
    return ReadOperation(layer_, inputs, visitor)->outputs();
  }
  std::vector<ov::Extension::Ptr> get_attached_extensions() const override { return {}; }

 private:
  std::shared_ptr<const Layer> layer_;
  const ov::DiscreteTypeInfo& type_info_;  // the layer's
};

std::shared_ptr<ov::Extension> Mapping(Operator op) {
  const auto shared = std::make_shared<const Operator>(std::move(op));
  auto convert = [shared](const ov::frontend::NodeContext& context) { return Convert(*shared, context); };
  if (shared->framework == "onnx") {
    return std::make_shared<ov::frontend::onnx::ConversionExtension>(shared->name, shared->domain, convert);
  }
  if (shared->framework == "tensorflow") {
    return std::make_shared<ov::frontend::tensorflow::ConversionExtension>(
        shared->name, [convert](const ov::frontend::tensorflow::NodeContext& context) { return convert(context); });
  }
  Log(LAMINA_LOG_WARNING, "operator '" + shared->name + "'",
      "its layer names the framework '" + shared->framework +
          "', expected onnx or tensorflow; the binding is left out");
  return nullptr;
}

}  // namespace

std::vector<std::shared_ptr<ov::Extension>> ExtensionsOf(const Layers& layers) {
  std::vector<std::shared_ptr<ov::Extension>> extensions;
  for (const auto& layer : layers) {
    extensions.push_back(std::make_shared<OperationExtension>(layer, layer->type_info()));
    extensions.push_back(std::make_shared<OperationExtension>(layer, layer->wide_type_info()));
  }
  for (auto& op : OperatorsOf(layers)) {
    if (auto mapping = Mapping(std::move(op))) extensions.push_back(std::move(mapping));
  }
  return extensions;
}

}  // namespace lamina::bridge
