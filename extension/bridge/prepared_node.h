// PreparedNode: a node of a model and the state that its layer made of it.
#ifndef LAMINA_EXTENSION_BRIDGE_PREPARED_NODE_H_
#define LAMINA_EXTENSION_BRIDGE_PREPARED_NODE_H_

#include <memory>
#include <string>

#include "extension/bridge/layer.h"
#include "extension/bridge/node_blob.h"
#include "openvino/op/constant.hpp"

namespace lamina::bridge {

/// Made once for a node; its operation, the clones that the engine makes of it and all streams share it. Constant after
/// construction.
class PreparedNode {
 public:
  /// Checks the attributes and has the layer create its state. Throws std::runtime_error with layer, node and reason.
  /// `blob` is what a NodeBlobWriter wrote; it may begin anywhere in memory.
  PreparedNode(std::shared_ptr<const Layer> layer, std::shared_ptr<const ov::op::v0::Constant> blob);
  ~PreparedNode();
  PreparedNode(const PreparedNode&) = delete;
  PreparedNode& operator=(const PreparedNode&) = delete;

  const Layer& layer() const { return *layer_; }
  const std::shared_ptr<const Layer>& shared_layer() const { return layer_; }
  const NodeHeader& header() const { return header_; }
  const ov::op::v0::Constant& blob() const { return *blob_; }
  const void* state() const { return state_; }
  /// How messages begin: "layer 'X', node 'n'".
  const std::string& subject() const { return subject_; }

  /// Inputs of the framework's node up to the last one that is connected, and how many of them are connected.
  size_t slot_count() const { return header_.present.size(); }
  size_t connected_count() const { return connected_; }
  /// True if output i is one that a layer may be told nobody reads.
  bool optional_output(size_t i) const;

 private:
  void Create(const NodeBlobReader& reader);

  std::shared_ptr<const Layer> layer_;
  std::shared_ptr<const ov::op::v0::Constant> blob_;
  NodeHeader header_;
  std::string subject_;
  size_t connected_ = 0;
  void* state_ = nullptr;
};

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_PREPARED_NODE_H_
