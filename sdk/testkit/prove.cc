#include "sdk/testkit/prove.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "sdk/loader/error.h"
#include "sdk/loader/library.h"
#include "sdk/loader/load.h"
#include "sdk/loader/manifest.h"
#include "sdk/testkit/prove_layer.h"

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

void Tell(std::FILE* errors, const char* level, const std::string& path, const std::string& what) {
  std::fprintf(errors, "%s: %s: %s\n", level, path.c_str(), what.c_str());
}

void Warn(const loader::Manifest& manifest, std::FILE* errors) {
  for (const loader::LayerInfo& layer : manifest.layers) {
    const std::string who = "the layer '" + layer.name + "' ";
    if (layer.examples.empty())
      Tell(errors, "warning", manifest.path,
           who + "has no example, so nothing is known of it; give it an .Example(...)");
    if (layer.bindings.empty())
      Tell(errors, "warning", manifest.path,
           who + "is for no operator, so no model can reach it; give it an .Onnx(domain)");
  }
}

bool ProveLayers(const loader::Manifest& manifest, std::FILE* out, std::FILE* errors, std::chrono::seconds patience) {
  const std::vector<int32_t> isas = UsableIsas(manifest);
  size_t examples = 0, failures = 0;
  for (const loader::LayerInfo& layer : manifest.layers) {
    // A layer may print, and end its process.
    std::fflush(out);
    std::fflush(errors);
    for (const std::string& failure : ProveLayer(manifest.path, layer, isas, patience)) {
      Tell(errors, "error", manifest.path, failure);
      ++failures;
    }
    examples += layer.examples.size();
  }
  Warn(manifest, errors);
  if (failures > 0) return false;
  const std::string how = manifest.isa == LAMINA_ISA_BASE ? "chosen at run time, offered " : "compiled for ";
  std::fprintf(out, "%s: %s %s: %s of %s hold; %s%s\n", manifest.path.c_str(), manifest.name.c_str(),
               manifest.version.c_str(), Counted(examples, "example").c_str(),
               Counted(manifest.layers.size(), "layer").c_str(), how.c_str(), Names(isas).c_str());
  return true;
}

}  // namespace

bool Prove(const std::string& path, std::FILE* out, std::FILE* errors, std::chrono::seconds patience) {
  try {
    const auto load = [&] {
      loader::Library::Open(path);
      return "";
    };
    const std::string wrong = loader::TryInChild("'" + path + "'", load, {.patience = patience});
    if (!wrong.empty()) throw loader::LoadError(wrong);
    const loader::Manifest manifest = loader::ReadManifest(path);
    if (manifest.has_layers()) return ProveLayers(manifest, out, errors, patience);
    Tell(errors, "error", path, "a native OpenVINO extension, which carries no examples; nothing can be proved");
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
