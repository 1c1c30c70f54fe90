#include "sdk/testkit/testkit.h"

#include <cstdio>
#include <stdexcept>
#include <thread>

#include "sdk/loader/declarations.h"
#include "sdk/loader/manifest.h"
#include "sdk/loader/table.h"
#include "sdk/testkit/example.h"
#include "sdk/testkit/row_wise.h"

namespace lamina::testkit {
namespace {

std::string Compare(const Outcome& got, const std::vector<Value>& expected, double atol, double rtol) {
  if (!got.error.empty()) return got.error;
  if (got.outputs.size() < expected.size()) {
    return "got " + std::to_string(got.outputs.size()) + " outputs, expected " + std::to_string(expected.size());
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    const std::string difference = Difference(got.outputs[i], expected[i], atol, rtol);
    if (!difference.empty()) return "output " + std::to_string(i) + ": " + difference;
  }
  return "";
}

// Four threads run one prepared layer at once.
std::string CompareConcurrently(const PreparedLayer& layer, const std::vector<Value>& inputs,
                                const std::vector<Value>& expected, double atol, double rtol) {
  std::vector<std::string> results(4);
  {
    std::vector<std::jthread> threads;
    threads.reserve(results.size());
    for (auto& result : results) {
      threads.emplace_back([&] { result = Compare(layer.Run(inputs), expected, atol, rtol); });
    }
  }
  for (const auto& result : results) {
    if (!result.empty()) return result;
  }
  return "";
}

// What hosts read from a library's file; no more of it than declarations are.
std::vector<loader::LayerInfo> InfosOf(const lamina_library_table& library) {
  std::vector<loader::LayerInfo> infos;
  for (auto* entry = library.begin; entry != library.end; ++entry) {
    const lamina_layer& layer = **entry;
    loader::LayerInfo& info = infos.emplace_back();
    info.name = layer.name;
    for (const auto& b : loader::Bindings(layer))
      info.bindings.push_back({b.framework, b.domain, b.operator_name, b.since, b.until});
    for (const auto& port : loader::Inputs(layer)) info.inputs.push_back({port.name, port.types, port.flags});
    for (const auto& port : loader::Outputs(layer)) info.outputs.push_back({port.name, port.types, port.flags});
    for (const auto& attribute : loader::Attributes(layer))
      info.attributes.push_back({attribute.name, attribute.kinds});
  }
  return infos;
}

}  // namespace

const lamina_layer& FindLayer(const lamina_library_table& library, const std::string& name) {
  const std::string unclear = loader::CheckDeclarations(InfosOf(library));
  if (!unclear.empty()) throw std::invalid_argument("no host takes this library: " + unclear);
  std::string known;
  for (auto* layer = library.begin; layer != library.end; ++layer) {
    if ((*layer)->name == name) return **layer;
    known += " " + std::string((*layer)->name);
  }
  throw std::out_of_range("no layer '" + name + "' in this library; it has:" + known);
}

Outcome RunLayer(const lamina_layer& layer, const AttributeSet& attributes, const std::vector<Value>& inputs,
                 const Options& options) {
  return PreparedLayer(layer, attributes, inputs.size(), options).Run(inputs);
}

void ForEachIsa(const std::function<void(int32_t)>& test) {
  for (const int32_t isa : {LAMINA_ISA_SSE42, LAMINA_ISA_AVX2, LAMINA_ISA_AVX512}) {
    if (isa <= loader::MachineIsa()) {
      if (on_isa) on_isa(isa);
      test(isa);
    } else {
      std::printf("not shown: this machine has no %s\n", loader::IsaName(isa));
    }
  }
  if (on_isa) on_isa(loader::MachineIsa());
}

std::string CheckEverywhere(const lamina_layer& layer, const AttributeSet& attributes, const std::vector<Value>& inputs,
                            const std::vector<Value>& expected, double atol, double rtol) {
  const uint32_t rank = loader::RowWiseRank(layer);
  std::string failure;
  ForEachIsa([&](int32_t isa) {
    for (const bool unaligned : {false, true}) {
      for (const size_t threads : {1, 3}) {
        Options options;
        options.isa = isa;
        options.unaligned = unaligned;
        options.threads = threads;
        options.output_count = expected.size();
        const PreparedLayer prepared(layer, attributes, inputs.size(), options);
        const Outcome got = prepared.Run(inputs);
        std::string wrong = Compare(got, expected, atol, rtol);
        if (wrong.empty() && threads == 1) wrong = CompareConcurrently(prepared, inputs, expected, atol, rtol);
        if (wrong.empty() && rank > 0) wrong = CheckRows(prepared, rank, inputs, got.outputs);
        if (wrong.empty() || !failure.empty()) continue;
        failure = std::string(layer.name) + " with " + loader::IsaName(isa) + (unaligned ? ", unaligned, " : ", ") +
                  std::to_string(threads) + " threads: " + wrong;
      }
    }
  });
  return failure;
}

std::string CheckExample(const lamina_layer& layer, uint32_t index, int32_t isa) {
  const std::string text = layer.examples[index], who = std::string(layer.name) + ", example \"" + text + "\": ";
  try {
    const Example example = ParseExample(text, layer);
    Options options;
    options.isa = isa;
    options.output_count = example.outputs.size();
    const PreparedLayer prepared(layer, example.attributes, example.inputs.size(), options);
    const Outcome got = prepared.Run(example.inputs);
    std::string wrong = Compare(got, example.outputs, 1e-6, 1e-6);
    const uint32_t rank = loader::RowWiseRank(layer);
    if (wrong.empty() && rank > 0) wrong = CheckRows(prepared, rank, example.inputs, got.outputs);
    return wrong.empty() ? "" : who + wrong;
  } catch (const std::exception& error) {
    return who + error.what();
  }
}

std::string CheckExamples(const lamina_layer& layer, int32_t isa) {
  for (uint32_t i = 0; i < layer.example_count; ++i) {
    std::string wrong = CheckExample(layer, i, isa);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

}  // namespace lamina::testkit
