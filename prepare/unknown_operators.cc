#include "prepare/unknown_operators.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "prepare/engine_operators.h"
#include "prepare/letter_distance.h"

namespace lamina::prepare {
namespace {

// Of a model with more of them, more than all standards have together, the first are told, and how many more there are.
constexpr size_t kTold = 1000;

/// The known operator with the nearest name; "" if more than a third of the letters would have to change.
std::string Nearest(const Layers& layers, std::string_view domain, std::string_view name) {
  std::string nearest;
  // Half a letter for another domain: of two names as near, the one of the same domain.
  size_t best = 2 * std::max<size_t>(1, name.size() / 3) + 2;
  const auto consider = [&](std::string_view known_domain, std::string_view known_name) {
    const size_t longer = std::max(known_name.size(), name.size()), shorter = std::min(known_name.size(), name.size());
    if (2 * (longer - shorter) >= best) return;
    const size_t distance = 2 * LetterDistance(name, known_name) + (known_domain != domain);
    if (distance >= best) return;
    best = distance;
    nearest = OperatorName(known_domain, known_name);
  };
  for (const LayerBinding& binding : layers.bindings()) consider(NormalDomain(binding.domain), binding.operator_name);
  ForEachEngineOperator(consider);
  return nearest;
}

}  // namespace

std::vector<UnknownOperator> FindUnknownOperators(const Context& context) {
  std::vector<UnknownOperator> unknown;
  std::map<std::pair<std::string, std::string>, size_t> indices;  // by domain and name
  const onnx::Graph& graph = context.model.graph();
  ForEachGraph(graph, [&](const onnx::Graph& inner) {
    for (const onnx::Node& node : inner.node()) {
      if (EngineTakes(node.domain(), node.op_type()) || context.TakenByLayer(node)) continue;
      const std::string domain(NormalDomain(node.domain()));
      const auto [index, is_new] = indices.try_emplace({domain, node.op_type()}, unknown.size());
      if (is_new) {
        const bool is_told = unknown.size() < kTold;
        unknown.push_back(
            {domain, node.op_type(), 0, is_told ? Nearest(context.layers, domain, node.op_type()) : std::string()});
      }
      ++unknown[index->second].count;
    }
  });
  return unknown;
}

absl::Status UnknownOperatorsError(const Report& report, std::string_view model) {
  if (report.unknown.empty()) return absl::OkStatus();
  std::string text = absl::StrCat(std::string(model), " has ", report.unknown.size(),
                                  report.unknown.size() == 1 ? " operator" : " operators",
                                  " that neither OpenVINO nor a layer at hand takes:");
  const size_t told = std::min(report.unknown.size(), kTold);
  for (const UnknownOperator& op : std::span(report.unknown).first(told)) {
    absl::StrAppend(
        &text, &op == &report.unknown.front() ? "\n  " : ";\n  ", OperatorName(op.domain, op.operator_name),
        ", domain '", op.domain.empty() ? "ai.onnx" : op.domain, "', ", op.count, op.count == 1 ? " node" : " nodes",
        op.nearest.empty() ? "; no known name is near" : absl::StrCat("; the nearest known is ", op.nearest));
  }
  if (report.unknown.size() > told) absl::StrAppend(&text, ";\n  and ", report.unknown.size() - told, " more");
  const UnknownOperator& first = report.unknown.front();
  absl::StrAppend(
      &text,
      ".\nAdd a library that has layers for them (libcpu_extension.so has all of ai.onnx.ml), or write one, "
      "a page of C++ each: LAMINA_LAYER(",
      first.operator_name, ", .Onnx(\"", first.domain, "\") ...); see docs/sdk.md.");
  return absl::UnimplementedError(text);
}

}  // namespace lamina::prepare
