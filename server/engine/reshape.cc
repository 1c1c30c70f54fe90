#include "server/engine/reshape.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "openvino/core/layout.hpp"
#include "openvino/core/preprocess/pre_post_process.hpp"
#include "openvino/op/util/gather_base.hpp"
#include "server/api/status_macros.h"
#include "server/engine/ov_error.h"
#include "server/engine/ports.h"

namespace lamina::server {
namespace {

using PortList = std::vector<ov::Output<ov::Node>>;

bool IsCalled(const ov::Output<ov::Node>& port, const std::string& name,
              const std::map<std::string, std::string>& aliases) {
  if (port.get_names().count(name) || PortName(port) == name) return true;
  for (const auto& [tensor, alias] : aliases) {
    if (alias == name && port.get_names().count(tensor)) return true;
  }
  return false;
}

std::optional<size_t> Find(const PortList& ports, const std::string& name,
                           const std::map<std::string, std::string>& aliases) {
  for (size_t i = 0; i < ports.size(); ++i) {
    if (IsCalled(ports[i], name, aliases)) return i;
  }
  return std::nullopt;
}

std::string NamesOf(const PortList& ports) {
  return absl::StrJoin(ports, ", ", [](std::string* out, const auto& port) { out->append(PortName(port)); });
}

absl::Status NoSuch(const char* setting, const std::string& name, const PortList& ports) {
  return absl::FailedPreconditionError(absl::StrCat(setting, " names the input \"", name, "\", but the model's are {",
                                                    NamesOf(ports), "}; correct the name"));
}

/// "NHWC:NCHW" is what requests bring and what the model takes; "NCHW" alone says what both are.
template <typename Info>
void SetLayout(Info& info, const std::string& text) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  info.model().set_layout(ov::Layout(parts.second.empty() ? parts.first : parts.second));
  if (!parts.second.empty()) info.tensor().set_layout(ov::Layout(parts.first));
}

absl::Status ApplyLayouts(std::shared_ptr<ov::Model>& model, const ModelConfig& config, const NameMapping& names) {
  if (config.layouts.empty()) return absl::OkStatus();
  const PortList inputs = model->inputs(), outputs = model->outputs();
  std::vector<std::pair<size_t, std::string>> input_layouts, output_layouts;
  for (const auto& [name, text] : config.layouts) {
    if (name == ModelConfig::kEveryInput) {
      for (size_t i = 0; i < inputs.size(); ++i) input_layouts.emplace_back(i, text);
    } else if (const auto input = Find(inputs, name, names.inputs)) {
      input_layouts.emplace_back(*input, text);
    } else if (const auto output = Find(outputs, name, names.outputs)) {
      output_layouts.emplace_back(*output, text);
    } else {
      return NoSuch("layout", name, inputs);
    }
  }
  return CatchOv("the layout cannot be applied; correct it or leave it out", absl::StatusCode::kFailedPrecondition,
                 [&] {
                   ov::preprocess::PrePostProcessor processor(model);
                   for (const auto& [index, text] : input_layouts) SetLayout(processor.input(index), text);
                   for (const auto& [index, text] : output_layouts) SetLayout(processor.output(index), text);
                   model = processor.build();
                 });
}

ov::Dimension ToOv(const DimensionRange& range) {
  return range.max == DimensionRange::kUnlimited ? ov::Dimension(range.min, -1) : ov::Dimension(range.min, range.max);
}

ov::PartialShape WithBatch(const ov::Output<ov::Node>& input, const DimensionRange& batch) {
  ov::PartialShape shape = input.get_partial_shape();
  if (shape.rank().is_dynamic() || shape.size() == 0) return shape;
  const auto* parameter = dynamic_cast<const ov::op::v0::Parameter*>(input.get_node());
  const ov::Layout layout = parameter ? parameter->get_layout() : ov::Layout();
  const int64_t position = ov::layout::has_batch(layout) ? ov::layout::batch_idx(layout) : 0;
  shape[position < 0 ? position + static_cast<int64_t>(shape.size()) : position] = ToOv(batch);
  return shape;
}

ov::PartialShape ShapeFor(const ov::Output<ov::Node>& input, const ShapeConfig& config) {
  if (config.automatic) {
    const ov::Rank rank = input.get_partial_shape().rank();
    return rank.is_dynamic() ? ov::PartialShape::dynamic()
                             : ov::PartialShape(std::vector<ov::Dimension>(rank.get_length()));
  }
  std::vector<ov::Dimension> dimensions;
  for (const DimensionRange& range : config.dims) dimensions.push_back(ToOv(range));
  return ov::PartialShape(std::move(dimensions));
}

absl::StatusOr<std::map<size_t, ov::PartialShape>> Wanted(const PortList& inputs, const ModelConfig& config,
                                                          const NameMapping& names) {
  std::map<size_t, ov::PartialShape> wanted;
  if (config.shapes.empty()) {
    for (size_t i = 0; i < inputs.size(); ++i) wanted[i] = WithBatch(inputs[i], *config.batch_size);
    return wanted;
  }
  for (const auto& [name, shape] : config.shapes) {
    if (name == ModelConfig::kEveryInput) continue;
    const auto index = Find(inputs, name, names.inputs);
    if (!index) return NoSuch("shape", name, inputs);
    wanted[*index] = ShapeFor(inputs[*index], shape);
  }
  if (const auto every = config.shapes.find(ModelConfig::kEveryInput); every != config.shapes.end()) {
    for (size_t i = 0; i < inputs.size(); ++i) wanted.try_emplace(i, ShapeFor(inputs[i], every->second));
  }
  return wanted;
}

}  // namespace

absl::Status ApplyShapes(std::shared_ptr<ov::Model>& model, const ModelConfig& config, const NameMapping& names) {
  LAMINA_RETURN_IF_ERROR(ApplyLayouts(model, config, names));
  if (config.shapes.empty() && !config.batch_size) return absl::OkStatus();
  const PortList inputs = model->inputs();
  LAMINA_ASSIGN_OR_RETURN(const auto wanted, Wanted(inputs, config, names));
  std::map<ov::Output<ov::Node>, ov::PartialShape> shapes;
  for (const auto& [index, shape] : wanted) shapes[inputs[index]] = shape;
  const std::string context =
      absl::StrCat("the model cannot be reshaped to ",
                   absl::StrJoin(wanted, ", ",
                                 [&](std::string* out, const auto& entry) {
                                   absl::StrAppend(out, PortName(inputs[entry.first]), "=", entry.second.to_string());
                                 }),
                   "; correct or leave out its ", config.shapes.empty() ? "batch_size" : "shape");
  return CatchOv(context, absl::StatusCode::kFailedPrecondition, [&] { model->reshape(shapes); });
}

absl::Status RefuseEmptyGathers(const ov::Model& model) {
  for (const std::shared_ptr<ov::Node>& node : model.get_ordered_ops()) {
    if (!ov::is_type<ov::op::util::GatherBase>(node)) continue;
    for (const ov::Output<ov::Node>& value : node->input_values()) {
      const ov::PartialShape& shape = value.get_partial_shape();
      if (shape.is_dynamic() || ov::shape_size(shape.to_shape()) > 0) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("Gather '", node->get_friendly_name(), "' has an input of shape ", shape.to_string(),
                       ", without elements, which ends the engine's process; leave the dimension open: \"shape\" of ",
                       "the configuration sets those of inputs"));
    }
  }
  return absl::OkStatus();
}

}  // namespace lamina::server
