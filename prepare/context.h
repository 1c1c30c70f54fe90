// What a rewrite works on: one model on its way, what the layers at hand take, and the report that is being written.
#ifndef LAMINA_PREPARE_CONTEXT_H_
#define LAMINA_PREPARE_CONTEXT_H_

#include <array>
#include <map>
#include <optional>
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

  /// The attributes of the layers that take it; nullopt if one is not known.
  std::optional<std::vector<std::string>> Attributes(std::string_view domain, std::string_view name,
                                                     int64_t version) const;

  const std::vector<LayerBinding>& bindings() const { return bindings_; }

 private:
  std::vector<LayerBinding> bindings_;
  std::unordered_multimap<std::string, size_t> by_name_;  // OperatorName -> index into bindings_
};

/// The domain of layers that stand in for an operator of the same name that the engine gets wrong.
inline constexpr std::string_view kRedirectDomain = "lamina";

/// One model being prepared; for one thread.
struct Context {
  Context(onnx::Model& model, const Layers& layers);

  /// Notes in the report that `node` was changed: `what` happened to it. Call it before changing the node.
  void Changed(const onnx::Node& node, std::string_view what) { Note(node, what, report.changes, changes_); }
  /// Notes that the engine gets `node` wrong and nothing was done about it.
  void Warn(const onnx::Node& node, std::string_view what) { Note(node, what, report.warnings, warnings_); }

  /// Makes sure that the model imports an operator set of the domain, at `version` if it has none yet.
  void Import(std::string_view domain, int64_t version);
  /// The imported version of the domain, 0 if there is none.
  int64_t ImportedVersion(std::string_view domain) const;

  /// Whether a layer takes the node as it is.
  bool TakenByLayer(const onnx::Node& node) const;
  /// Sends the node to our layer of the same name.
  void Redirect(onnx::Node& node, std::string_view why);

  onnx::Model& model;
  const Layers& layers;
  Names names;
  Report report;

 private:
  using Kinds = std::map<std::array<std::string, 3>, size_t>;  // domain, operator and what -> index of a Change

  static void Note(const onnx::Node& node, std::string_view what, std::vector<Change>& noted, Kinds& kinds);

  Kinds changes_, warnings_;
  std::unordered_map<std::string, int64_t> imports_;  // version by domain
};

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_CONTEXT_H_
