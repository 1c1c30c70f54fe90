#include "sdk/testkit/prove.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>

#include "sdk/loader/error.h"
#include "sdk/loader/library.h"
#include "sdk/loader/load.h"
#include "sdk/loader/table.h"
#include "sdk/testkit/testkit.h"

namespace lamina::testkit {
namespace {

constexpr int32_t kIsas[] = {LAMINA_ISA_BASE, LAMINA_ISA_SSE42, LAMINA_ISA_AVX2, LAMINA_ISA_AVX512};

int32_t Cap() {
  const char* word = std::getenv("CPU_EXTENSION_ISA");
  if (!word) return LAMINA_ISA_AVX512;
  constexpr std::string_view kWords[] = {"", "sse42", "avx2", "avx512"};
  const auto* found = std::find(std::begin(kWords) + 1, std::end(kWords), word);
  return found == std::end(kWords) ? LAMINA_ISA_AVX512 : kIsas[found - kWords];
}

// What a library may use here, lowest first. One that was compiled for a set of instructions has no choice.
std::vector<int32_t> UsableIsas(const loader::Manifest& manifest) {
  if (manifest.isa != LAMINA_ISA_BASE) return {manifest.isa};
  const int32_t best = std::min(loader::MachineIsa(), Cap());
  std::vector<int32_t> usable;
  std::copy_if(std::begin(kIsas) + 1, std::end(kIsas), std::back_inserter(usable),
               [&](int32_t isa) { return isa <= best; });
  return usable.empty() ? std::vector<int32_t>{LAMINA_ISA_BASE} : usable;
}

std::string Counted(size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string Names(const std::vector<int32_t>& isas) {
  std::string names;
  for (const int32_t isa : isas) names += (names.empty() ? "" : ", ") + std::string(loader::IsaName(isa));
  return names;
}

// What the examples of a library's layers came to.
struct Tally {
  size_t layers = 0, examples = 0;
  std::vector<std::string> failures, without_example, without_operator;
};

/// Runs them where they harm nobody. How they ended that process, or "" if they came to an end, whatever they gave.
std::string TryExamples(const lamina_layer& layer, const std::vector<int32_t>& isas) {
  constexpr loader::Trial kTrial = {.patience = std::chrono::seconds(120),
                                    .meanwhile = "while its examples ran",
                                    .fault = "an error in its code; correct it",
                                    .late = "had not run its examples"};
  const auto run = [&] {
    for (const int32_t isa : isas) (void)CheckExamples(layer, isa);
    return "";
  };
  return loader::TryInChild("the layer '" + std::string(layer.name) + "'", run, kTrial);
}

Tally RunExamples(const lamina_library_table& table, const std::vector<int32_t>& isas) {
  Tally tally;
  for (auto* entry = table.begin; entry != table.end; ++entry) {
    const lamina_layer& layer = **entry;
    ++tally.layers;
    tally.examples += layer.example_count;
    if (layer.example_count == 0) tally.without_example.emplace_back(layer.name);
    if (layer.binding_count == 0) tally.without_operator.emplace_back(layer.name);
    if (const std::string ended = TryExamples(layer, isas); !ended.empty()) {
      tally.failures.push_back(ended);
      continue;
    }
    for (const int32_t isa : isas) {
      const std::string wrong = CheckExamples(layer, isa);
      if (!wrong.empty()) tally.failures.push_back(wrong + " (on " + loader::IsaName(isa) + ")");
    }
  }
  return tally;
}

bool ProveLayers(const loader::Manifest& manifest, const lamina_library_table& table, std::FILE* out,
                 std::FILE* errors) {
  const std::vector<int32_t> isas = UsableIsas(manifest);
  const Tally tally = RunExamples(table, isas);
  for (const std::string& failure : tally.failures)
    std::fprintf(errors, "error: %s: %s\n", manifest.path.c_str(), failure.c_str());
  for (const std::string& layer : tally.without_example) {
    std::fprintf(errors,
                 "warning: %s: the layer '%s' has no example, so nothing is known of it; give it an .Example(...)\n",
                 manifest.path.c_str(), layer.c_str());
  }
  for (const std::string& layer : tally.without_operator) {
    std::fprintf(errors,
                 "warning: %s: the layer '%s' is for no operator, so no model can reach it; give it an .Onnx(domain)\n",
                 manifest.path.c_str(), layer.c_str());
  }
  if (!tally.failures.empty()) return false;
  const std::string how = manifest.isa == LAMINA_ISA_BASE ? "chosen at run time, offered " : "compiled for ";
  std::fprintf(out, "%s: %s %s: %s of %s hold; %s%s\n", manifest.path.c_str(), manifest.name.c_str(),
               manifest.version.c_str(), Counted(tally.examples, "example").c_str(),
               Counted(tally.layers, "layer").c_str(), how.c_str(), Names(isas).c_str());
  return true;
}

}  // namespace

bool Prove(const std::string& path, std::FILE* out, std::FILE* errors) {
  try {
    const std::string wrong = loader::TryInChild("'" + path + "'", [&] {
      loader::Library::Open(path);
      return "";
    });
    if (!wrong.empty()) throw loader::LoadError(wrong);
    const auto library = loader::Library::Open(path);
    if (library->table()) return ProveLayers(library->manifest(), *library->table(), out, errors);
    std::fprintf(errors, "error: %s: a native OpenVINO extension, which carries no examples; nothing can be proved\n",
                 path.c_str());
    return false;
  } catch (const loader::LoadError& error) {
    std::fprintf(errors, "error: %s\n", error.what());
    return false;
  }
}

int ProveAll(const std::vector<std::string>& paths) {
  const auto failed =
      std::count_if(paths.begin(), paths.end(), [](const std::string& path) { return !Prove(path, stdout, stderr); });
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace lamina::testkit
