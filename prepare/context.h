// What a rewrite works on: one model on its way, what the layers at hand take, and the report that is being written.
#ifndef LAMINA_PREPARE_CONTEXT_H_
#define LAMINA_PREPARE_CONTEXT_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "prepare/graph.h"
#include "prepare/prepare.h"

namespace lamina::prepare {

/// What the layers at hand bind. Constant.
class Layers {
 public:
  explicit Layers(const std::vector<LayerBinding>& bindings);

  /// Whether a layer takes the operator in this version of its operator set; version 0: whatever the version.
  bool Take(std::string_view domain, std::string_view name, int64_t version = 0) const;

  const std::vector<LayerBinding>& bindings() const { return bindings_; }

 private:
  std::vector<LayerBinding> bindings_;
  std::unordered_multimap<std::string, size_t> by_name_;  // OperatorName -> index into bindings_
};

/// The domain of layers that stand in for an operator of the same name that the engine gets wrong.
inline constexpr std::string_view kRedirectDomain = "lamina";

/// One model being prepared; for one thread.
struct Context {
  Context(onnx::Model& model, const Layers& layers) : model(model), layers(layers), names(model) {}

  /// Notes in the report that `node` was changed: `what` happened to it. Call it before changing the node.
  void Changed(const onnx::Node& node, std::string_view what) { Note(report.changes, node, what); }
  /// Notes that the engine gets `node` wrong and nothing was done about it.
  void Warn(const onnx::Node& node, std::string_view what) { Note(report.warnings, node, what); }

  /// Whether a layer takes the node as it is.
  bool TakenByLayer(const onnx::Node& node) const;
  /// Sends the node to our layer of the same name.
  void Redirect(onnx::Node& node, std::string_view why);

  onnx::Model& model;
  const Layers& layers;
  Names names;
  Report report;

 private:
  static void Note(std::vector<Change>& changes, const onnx::Node& node, std::string_view what);
};

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_CONTEXT_H_
