// Nodes that the engine takes and gets wrong, where only a kernel can make them right: a node in the table below goes
// to our layer of the same name in domain `lamina` if a library at hand has one. If none has, the node is refused where
// its result is always wrong, and left to the engine where it is wrong for rare values only, or where the engine itself
// refuses.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "prepare/element_types.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

/// What a condition may look at.
struct Candidate {
  const onnx::Graph& graph;
  const onnx::Node& node;
  const TypeScope& types;

  int InputType(int index) const { return types.Of(InputName(node, index)); }
};

bool Always(const Candidate&) { return true; }

bool ReadsStrings(const Candidate& it) {
  for (int i = 0; i < it.node.input_size(); ++i) {
    if (it.InputType(i) == onnx::Tensor::STRING) return true;
  }
  return false;
}

bool CastsStrings(const Candidate& it) {
  return ReadsStrings(it) || IntAttribute(it.node, "to", 0) == onnx::Tensor::STRING;
}

bool DividesIntegers(const Candidate& it) {
  const int type = it.InputType(0);
  return type == onnx::Tensor::INT32 || type == onnx::Tensor::INT64 || type == onnx::Tensor::UINT32 ||
         type == onnx::Tensor::UINT64;
}

bool HasSignedIntegers(const Candidate& it) {
  const int type = it.InputType(0);
  return type == onnx::Tensor::INT32 || type == onnx::Tensor::INT64;
}

bool RepeatsAtRunTime(const Candidate& it) {
  const std::string& repeats = InputName(it.node, 1);
  const auto& constants = it.graph.initializer();
  if (std::any_of(constants.begin(), constants.end(), [&](const onnx::Tensor& t) { return t.name() == repeats; })) {
    return false;
  }
  for (const onnx::Node& node : it.graph.node()) {
    if (IsOperator(node, "", "Constant") && node.output_size() == 1 && node.output(0) == repeats) return false;
  }
  return it.node.input_size() > 1;
}

bool ModeMax(const Candidate& it) { return StringAttribute(it.node, "mode", "avg") == "max"; }

bool HasPeepholes(const Candidate& it) { return !InputName(it.node, 7).empty(); }

bool IsOneSided(const Candidate& it) { return IntAttribute(it.node, "onesided", 0) == 1; }

bool ShiftsSigned(const Candidate& it) {
  const int type = it.InputType(0);
  return type == onnx::Tensor::INT8 || type == onnx::Tensor::INT16 || type == onnx::Tensor::INT32 ||
         type == onnx::Tensor::INT64;
}

enum class Otherwise { kRefuse, kLeave };

struct Entry {
  std::string_view op;  // of ai.onnx
  bool (*is_wrong)(const Candidate&);
  std::string_view why;
  Otherwise otherwise;
};

constexpr Entry kTable[] = {
    {"Abs", HasSignedIntegers, "the engine keeps 24 bits of integers where it fuses Abs with others",
     Otherwise::kLeave},
    {"BitShift", ShiftsSigned, "the engine shifts signed integers as if they were unsigned", Otherwise::kRefuse},
    {"Cast", CastsStrings, "the engine does not cast from or to strings", Otherwise::kLeave},
    {"DFT", IsOneSided, "the engine gives a one-sided transform the wrong shape", Otherwise::kRefuse},
    {"Equal", ReadsStrings, "the engine damages memory when it compares strings", Otherwise::kRefuse},
    {"Expand", ReadsStrings, "the engine does not expand strings", Otherwise::kLeave},
    {"Identity", ReadsStrings, "strings passed through untouched are freed twice by the engine", Otherwise::kLeave},
    {"LSTM", HasPeepholes, "the engine ignores peepholes (input P)", Otherwise::kRefuse},
    {"Mod", DividesIntegers, "the engine divides integers as f32", Otherwise::kLeave},
    {"RoiAlign", ModeMax, "the engine's mode max is wrong", Otherwise::kRefuse},
    {"Slice", ReadsStrings, "a slice of strings is freed twice by the engine", Otherwise::kLeave},
    {"Split", ReadsStrings, "a part of strings is freed twice by the engine", Otherwise::kLeave},
    {"Tile", ReadsStrings, "the engine does not tile strings", Otherwise::kLeave},
    {"Tile", RepeatsAtRunTime, "the engine reads memory it never wrote when repeats is not a constant",
     Otherwise::kRefuse},
    {"TopK", Always, "the engine does not give the lowest index first among equal values", Otherwise::kLeave},
    {"Where", ReadsStrings, "the engine does not select strings", Otherwise::kLeave},
};

}  // namespace

absl::Status RedirectKnownWrong(Context& context) {
  absl::Status status;
  VisitTyped(*context.model.mutable_graph(), [&](onnx::Graph& graph, onnx::Node& node, const TypeScope& types) {
    if (!NormalDomain(node.domain()).empty()) return;
    for (const Entry& entry : kTable) {
      if (entry.op != node.op_type() || !entry.is_wrong({graph, node, types})) continue;
      if (context.layers.Take(kRedirectDomain, node.op_type())) {
        return context.Redirect(node, entry.why);
      }
      if (entry.otherwise == Otherwise::kRefuse && status.ok()) {
        status = absl::InvalidArgumentError(
            absl::StrCat(Describe(node), ": ", std::string(entry.why), ", and no library at hand has a layer ",
                         OperatorName(kRedirectDomain, node.op_type()),
                         " to take its place. Add Lamina's own library, or write that layer."));
      }
    }
  });
  return status;
}

}  // namespace lamina::prepare
