#include "extension/bridge/prepared_node.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "extension/bridge/host.h"
#include "sdk/loader/checks.h"
#include "sdk/loader/table.h"

namespace lamina::bridge {
namespace {

// A model with more is damaged: a layer may have any number of outputs, and each takes memory.
constexpr size_t kMostOutputs = 1 << 16;

// A saved model's weights may begin anywhere: the blob is copied then, and not to Scratch, which threads keep.
std::span<const uint8_t> Aligned(const ov::op::v0::Constant& blob, std::vector<uint64_t>& copy) {
  const auto* bytes = static_cast<const uint8_t*>(blob.get_data_ptr());
  const size_t size = blob.get_byte_size();
  if (reinterpret_cast<uintptr_t>(bytes) % 8 == 0) return {bytes, size};
  copy.resize((size + 7) / 8);
  std::copy(bytes, bytes + size, reinterpret_cast<uint8_t*>(copy.data()));
  return {reinterpret_cast<const uint8_t*>(copy.data()), size};
}

std::string Subject(const Layer& layer, const std::string& node) {
  return std::string("layer '") + layer.name() + "', " +
         (node.empty() ? "a node without a name" : "node '" + node + "'");
}

}  // namespace

PreparedNode::PreparedNode(std::shared_ptr<const Layer> layer, std::shared_ptr<const ov::op::v0::Constant> blob)
    : layer_(std::move(layer)), blob_(std::move(blob)), subject_(Subject(*layer_, "")) {
  try {
    std::vector<uint64_t> copy;
    const NodeBlobReader reader(Aligned(*blob_, copy));
    header_ = reader.header();
    subject_ = Subject(*layer_, header_.name);
    connected_ = size_t(std::count(header_.present.begin(), header_.present.end(), 1));
    const std::string wrong = loader::CheckAttributes(layer_->table(), reader.attributes());
    if (!wrong.empty()) throw std::runtime_error(wrong);
    if (header_.output_count == 0) throw std::runtime_error("it has no outputs; prepare the model again");
    const size_t most = std::min(loader::MaxOutputs(layer_->table()), kMostOutputs);
    if (header_.output_count > most) {
      throw std::runtime_error("it has " + std::to_string(header_.output_count) + " outputs, expected at most " +
                               std::to_string(most));
    }
    Create(reader);
  } catch (const std::exception& error) {
    if (std::string_view(error.what()).starts_with(subject_)) throw;
    throw std::runtime_error(subject_ + ": " + error.what());
  }
}

PreparedNode::~PreparedNode() {
  if (layer_->table().destroy && state_) layer_->table().destroy(state_);
}

void PreparedNode::Create(const NodeBlobReader& reader) {
  Context context(subject_);
  lamina_node node = {sizeof(lamina_node)};
  node.opset = header_.opset;
  node.context = &context;
  node.host = &Host();
  node.name = header_.name.c_str();
  node.domain = header_.domain.c_str();
  node.operator_name = header_.operator_name.c_str();
  node.attribute_count = reader.attributes().size();
  node.attributes = reader.attributes().data();
  node.input_count = header_.present.size();
  node.output_count = header_.output_count;
  const int32_t result = layer_->table().create ? layer_->table().create(&node, &state_) : LAMINA_OK;
  context.Check(result, "create");
}

bool PreparedNode::optional_output(size_t i) const {
  const auto ports = loader::Outputs(layer_->table());
  return ports.size() > 0 && ports[std::min(i, ports.size() - 1)].flags & (LAMINA_PORT_OPTIONAL | LAMINA_PORT_VARIADIC);
}

}  // namespace lamina::bridge
