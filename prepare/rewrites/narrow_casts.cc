// The engine computes types of 16 bits in 32, so that to it a Cast to one and the Cast back from it are nothing: it
// drops both, and values are neither rounded nor cut, or cut where they should be rounded (bf16). The first of two such
// Casts goes to our layer. Values between other operations keep the engine's 32 bits, as they do in onnxruntime.
#include <string>
#include <unordered_map>

#include "prepare/data_values.h"
#include "prepare/element_types.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

using T = onnx::Tensor;

constexpr char kWhy[] = "the engine would drop it, as a Cast follows, and not round or cut to 16 bits";

/// A type that is not known is mostly f32; the layer takes all.
bool LosesBits(int from, int64_t to) {
  const bool is_half = from == T::FLOAT16 || from == T::BFLOAT16;
  if (to == T::FLOAT16 || to == T::BFLOAT16) {
    return from == T::FLOAT || from == T::DOUBLE || from == T::UNDEFINED || (is_half && from != to);
  }
  return (to == T::INT16 || to == T::UINT16) && (from == T::INT32 || from == T::UINT32);
}

}  // namespace

absl::Status KeepNarrowCasts(Context& context) {
  const bool has_layer = context.layers.Take(kRedirectDomain, "Cast");
  DataValues data(context.model.graph());
  std::unordered_map<std::string, onnx::Node*> narrow;  // Casts that lose bits, by output
  VisitTyped(*context.model.mutable_graph(), [&](onnx::Graph&, onnx::Node& node, const TypeScope& types) {
    if (!data.Visit(node) || node.output_size() != 1) return;
    const auto before = narrow.find(InputName(node, 0));
    onnx::Node* const cast = before == narrow.end() ? nullptr : before->second;
    if (cast && OnlyMoves(node)) narrow[node.output(0)] = cast;
    if (!IsOperator(node, "", "Cast")) return;
    const int64_t to = IntAttribute(node, "to", 0);
    if (cast && IsOperator(*cast, "", "Cast")) {
      if (has_layer) {
        context.Redirect(*cast, kWhy);
      } else {
        context.Warn(*cast, kWhy);
      }
    }
    if (LosesBits(types.Of(InputName(node, 0)), to)) narrow[node.output(0)] = &node;
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
