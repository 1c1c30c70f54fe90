// SpaceToDepth with mode CRD orders the channels of its output column, row, depth; the engine ignores the mode and
// gives depth, column, row. Written as the latter and a transposition of the channels.
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

constexpr int64_t kMaxBlock = 1 << 16;  // the engine refuses it, and its square still is a number

bool IsBlock(int64_t size) { return size > 0 && size <= kMaxBlock; }

void Emit(Context& context, onnx::Graph& graph, const onnx::Node& node, NodeList& out) {
  const std::string& y = node.output(0);
  const auto name = [&](const char* suffix) { return context.names.Fresh(y + suffix); };
  const int64_t block = IntAttribute(node, "blocksize", 1);
  const std::string dcr = name("/dcr"), shape = name("/shape"), batch = name("/batch"), space = name("/space");
  const std::string split = name("/split"), parted = name("/parted"), turned = name("/turned");
  const std::string zero = name("/0"), one = name("/1"), two = name("/2"), four = name("/4"), channels = name("/c");
  AddInts(graph, zero, {0});
  AddInts(graph, one, {1});
  AddInts(graph, two, {2});
  AddInts(graph, four, {4});
  AddInts(graph, channels, {block * block, -1});

  onnx::Node rearrange = MakeNode("SpaceToDepth", {node.input(0)}, {dcr});
  SetInt(rearrange, "blocksize", block);
  *out.Add() = std::move(rearrange);
  *out.Add() = MakeNode("Shape", {dcr}, {shape});
  *out.Add() = MakeNode("Slice", {shape, zero, one}, {batch});
  *out.Add() = MakeNode("Slice", {shape, two, four}, {space});
  onnx::Node concat = MakeNode("Concat", {batch, channels, space}, {split});
  SetInt(concat, "axis", 0);
  *out.Add() = std::move(concat);
  *out.Add() = MakeNode("Reshape", {dcr, split}, {parted});
  onnx::Node transpose = MakeNode("Transpose", {parted}, {turned});
  SetInts(transpose, "perm", {0, 2, 1, 3, 4});
  *out.Add() = std::move(transpose);
  *out.Add() = MakeNode("Reshape", {turned, shape}, {y});
}

}  // namespace

absl::Status RewriteSpaceToDepth(Context& context) {
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    Rebuild(graph, [&](onnx::Node& node, NodeList& out) {
      const bool wrong = IsOperator(node, "", "SpaceToDepth") && StringAttribute(node, "mode", "DCR") == "CRD" &&
                         IsBlock(IntAttribute(node, "blocksize", 1)) && node.input_size() == 1 &&
                         node.output_size() == 1;
      if (!wrong) {
        *out.Add() = std::move(node);
        return;
      }
      context.Changed(node, "mode CRD written with DCR and a Transpose: the engine ignores the mode");
      Emit(context, graph, node, out);
    });
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
