// Nodes that the engine takes and gets wrong, where only a kernel can make them right: a node in the table below goes
// to our layer of the same name in domain `lamina` if a library at hand has one. If none has, the node is refused where
// its result is always wrong, and left to the engine with a warning where it is wrong for rare values only, or where
// the engine itself refuses.
#include <algorithm>
#include <unordered_map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "prepare/data_values.h"
#include "prepare/element_types.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

/// The constants of graphs, each graph's looked for when it is first asked.
class Constants {
 public:
  bool Has(const onnx::Graph& graph, const std::string& name) {
    const auto [constants, is_new] = by_graph_.try_emplace(&graph);
    if (is_new) constants->second = FindConstants(graph);
    return constants->second.contains(name);
  }

 private:
  std::unordered_map<const onnx::Graph*, std::unordered_map<std::string_view, const onnx::Tensor*>> by_graph_;
};

/// What a condition may look at.
struct Candidate {
  Constants& constants;
  const onnx::Graph& graph;
  const onnx::Node& node;
  const TypeScope& types;
  bool reads_data;  // values that come from those of an input, not from shapes and constants alone

  int InputType(int index) const { return types.Of(InputName(node, index)); }
};

/// The types that our TopK takes, and those that are not known here: they are mostly f32.
bool HasWideNumbers(const Candidate& it) {
  const int type = it.InputType(0);
  return type == onnx::Tensor::FLOAT || type == onnx::Tensor::DOUBLE || type == onnx::Tensor::INT32 ||
         type == onnx::Tensor::INT64 || type == onnx::Tensor::UNDEFINED;
}

bool ReadsStrings(const Candidate& it) {
  for (int i = 0; i < it.node.input_size(); ++i) {
    if (it.InputType(i) == onnx::Tensor::STRING) return true;
  }
  return false;
}

bool CastsStrings(const Candidate& it) {
  return ReadsStrings(it) || IntAttribute(it.node, "to", 0) == onnx::Tensor::STRING;
}

bool HasIntegers(const Candidate& it) {
  const int type = it.InputType(0);
  return type == onnx::Tensor::INT32 || type == onnx::Tensor::INT64 || type == onnx::Tensor::UINT32 ||
         type == onnx::Tensor::UINT64;
}

bool IsNoUniqueOfTheEngine(const Candidate& it) {
  const int type = it.InputType(0);
  return type == onnx::Tensor::STRING || type == onnx::Tensor::INT8 || type == onnx::Tensor::UINT8 ||
         (it.reads_data && (type == onnx::Tensor::INT64 || type == onnx::Tensor::DOUBLE));
}

// Where shapes are calculated the engine has to see through the operations.
bool HasIntegersOfData(const Candidate& it) {
  const bool is_numpys = FindAttribute(it.node, "broadcast") == nullptr;  // of before version 7
  return it.reads_data && is_numpys && HasIntegers(it);
}

// Of 8 bits, too, which the engine rounds when it divides; it compares them right.
bool DividesIntegersOfData(const Candidate& it) {
  const int type = it.InputType(0);
  return HasIntegersOfData(it) || (it.reads_data && (type == onnx::Tensor::INT8 || type == onnx::Tensor::UINT8));
}

bool HasSignedIntegers(const Candidate& it) {
  const int type = it.InputType(0);
  return type == onnx::Tensor::INT32 || type == onnx::Tensor::INT64;
}

bool RepeatsAtRunTime(const Candidate& it) {
  return it.node.input_size() > 1 && !it.constants.Has(it.graph, it.node.input(1));
}

bool ModeMax(const Candidate& it) { return StringAttribute(it.node, "mode", "avg") == "max"; }

bool HasPeepholes(const Candidate& it) { return !InputName(it.node, 7).empty(); }

bool HasLengths(const Candidate& it) { return !InputName(it.node, 4).empty(); }

bool ForgetsByInput(const Candidate& it) { return IntAttribute(it.node, "input_forget", 0) != 0; }

// Case does not count: "tanh" is "Tanh".
bool DirectionsDiffer(const Candidate& it) {
  const onnx::Attribute* given = FindAttribute(it.node, "activations");
  if (given == nullptr || StringAttribute(it.node, "direction", "forward") != "bidirectional") return false;
  const auto& names = given->strings();
  const auto half = names.begin() + names.size() / 2;
  return !std::equal(names.begin(), half, half, names.end(),
                     [](const std::string& a, const std::string& b) { return absl::EqualsIgnoreCase(a, b); });
}

bool PadsAlike(const Candidate& it) {
  if (!absl::StartsWith(StringAttribute(it.node, "auto_pad", "NOTSET"), "SAME")) return false;
  const onnx::Attribute* kernel = FindAttribute(it.node, "kernel_shape");
  const onnx::Attribute* strides = FindAttribute(it.node, "strides");
  return kernel == nullptr || strides == nullptr ||
         !std::equal(kernel->ints().begin(), kernel->ints().end(), strides->ints().begin(), strides->ints().end());
}

bool IsAntialiased(const Candidate& it) { return IntAttribute(it.node, "antialias", 0) != 0; }

bool ExcludesOutside(const Candidate& it) {
  return IntAttribute(it.node, "exclude_outside", 0) != 0 && StringAttribute(it.node, "mode", "nearest") == "cubic";
}

bool KeepsAspectRatio(const Candidate& it) {
  return StringAttribute(it.node, "keep_aspect_ratio_policy", "stretch") != "stretch" && !InputName(it.node, 3).empty();
}

bool IsOneSided(const Candidate& it) { return IntAttribute(it.node, "onesided", 0) == 1; }

bool ShiftsSigned(const Candidate& it) {
  const int type = it.InputType(0);
  return type == onnx::Tensor::INT8 || type == onnx::Tensor::INT16 || type == onnx::Tensor::INT32 ||
         type == onnx::Tensor::INT64;
}

constexpr std::string_view kComparesAsFloats = "the engine compares integers as f32, to 24 bits";
constexpr std::string_view kOneSetOfActivations = "the engine takes the first direction's activations for both";
constexpr std::string_view kForgetsLengths = "the engine is wrong where one of sequence_lens is less than the longest";
constexpr std::string_view kScattersNoStrings = "the engine does not scatter strings";

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
    {"ConvTranspose", PadsAlike, "the engine gives auto_pad SAME the wrong shape", Otherwise::kRefuse},
    {"DFT", IsOneSided, "the engine gives a one-sided transform the wrong shape", Otherwise::kRefuse},
    {"Div", DividesIntegersOfData, "the engine divides integers as f32", Otherwise::kLeave},
    {"Equal", ReadsStrings, "the engine damages memory when it compares strings", Otherwise::kRefuse},
    {"Equal", HasIntegersOfData, kComparesAsFloats, Otherwise::kLeave},
    {"Expand", ReadsStrings, "the engine does not expand strings", Otherwise::kLeave},
    {"GatherElements", ReadsStrings, "the engine does not gather strings one by one", Otherwise::kLeave},
    {"GatherND", ReadsStrings, "the engine gathers strings by single indices alone", Otherwise::kLeave},
    {"GRU", DirectionsDiffer, kOneSetOfActivations, Otherwise::kRefuse},
    {"GRU", HasLengths, kForgetsLengths, Otherwise::kLeave},
    {"Greater", HasIntegersOfData, kComparesAsFloats, Otherwise::kLeave},
    {"GreaterOrEqual", HasIntegersOfData, kComparesAsFloats, Otherwise::kLeave},
    {"Identity", ReadsStrings, "strings passed through untouched are freed twice by the engine", Otherwise::kLeave},
    {"LSTM", DirectionsDiffer, kOneSetOfActivations, Otherwise::kRefuse},
    {"LSTM", ForgetsByInput, "the engine ignores input_forget", Otherwise::kRefuse},
    {"LSTM", HasLengths, kForgetsLengths, Otherwise::kLeave},
    {"LSTM", HasPeepholes, "the engine ignores peepholes (input P)", Otherwise::kRefuse},
    {"Less", HasIntegersOfData, kComparesAsFloats, Otherwise::kLeave},
    {"LessOrEqual", HasIntegersOfData, kComparesAsFloats, Otherwise::kLeave},
    {"Mod", HasIntegers, "the engine divides integers as f32", Otherwise::kLeave},
    {"RNN", DirectionsDiffer, kOneSetOfActivations, Otherwise::kRefuse},
    {"RNN", HasLengths, kForgetsLengths, Otherwise::kLeave},
    {"Resize", ExcludesOutside, "the engine ignores exclude_outside", Otherwise::kRefuse},
    {"Resize", IsAntialiased, "the engine ignores antialias, which counts where something becomes smaller",
     Otherwise::kLeave},
    {"Resize", KeepsAspectRatio, "the engine stretches, whatever keep_aspect_ratio_policy says", Otherwise::kRefuse},
    {"RoiAlign", ModeMax, "the engine's mode max is wrong", Otherwise::kRefuse},
    {"ScatterElements", ReadsStrings, kScattersNoStrings, Otherwise::kLeave},
    {"ScatterND", ReadsStrings, kScattersNoStrings, Otherwise::kLeave},
    {"Slice", ReadsStrings, "a slice of strings is freed twice by the engine", Otherwise::kLeave},
    {"Split", ReadsStrings, "a part of strings is freed twice by the engine", Otherwise::kLeave},
    {"Tile", ReadsStrings, "the engine does not tile strings", Otherwise::kLeave},
    {"Tile", RepeatsAtRunTime, "the engine reads memory it never wrote when repeats is not a constant",
     Otherwise::kRefuse},
    {"TopK", HasWideNumbers, "the engine does not give the lowest index first among equal values", Otherwise::kLeave},
    {"Unique", IsNoUniqueOfTheEngine,
     "the engine takes no strings, tells numbers apart by 32 bits, and gives places of 8-bit ones that it never wrote",
     Otherwise::kLeave},
    {"Where", ReadsStrings, "the engine does not select strings", Otherwise::kLeave},
};

}  // namespace

absl::Status RedirectKnownWrong(Context& context) {
  absl::Status status;
  Constants constants;
  DataValues data(context.model.graph());
  VisitTyped(*context.model.mutable_graph(), [&](onnx::Graph& graph, onnx::Node& node, const TypeScope& types) {
    const bool reads_data = data.Visit(node);
    if (!NormalDomain(node.domain()).empty()) return;
    for (const Entry& entry : kTable) {
      if (entry.op != node.op_type() || !entry.is_wrong({constants, graph, node, types, reads_data})) continue;
      if (context.layers.Take(kRedirectDomain, node.op_type())) {
        return context.Redirect(node, entry.why);
      }
      if (entry.otherwise == Otherwise::kLeave) {
        context.Warn(node, absl::StrCat(std::string(entry.why), "; no library at hand has a layer for it"));
        continue;
      }
      status.Update(absl::InvalidArgumentError(
          absl::StrCat(Describe(node), ": ", std::string(entry.why), ", and no library at hand has a layer ",
                       OperatorName(kRedirectDomain, node.op_type()),
                       " to take its place. Add Lamina's own library, or write that layer.")));
    }
  });
  return status;
}

}  // namespace lamina::prepare
