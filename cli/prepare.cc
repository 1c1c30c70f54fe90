#include "prepare/prepare.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/libraries.h"
#include "prepare/layers_of.h"
#include "sdk/loader/error.h"

namespace lamina::cli {
namespace {

struct PrepareFlags {
  std::string in, out;
  std::vector<std::string> cpu_extensions;
};

/// As the server has them: our own, unless libraries are switched off or another build of it is named, and those named.
std::vector<loader::Manifest> Manifests(const PrepareFlags& flags) {
  const std::optional<std::vector<std::string>> named = NamedLibraries(flags.cpu_extensions);
  if (!named) return ReadManifests({});
  std::vector<loader::Manifest> manifests;
  if (named->empty()) return manifests;
  manifests = ReadManifests(*named);
  const bool replaced = std::any_of(manifests.begin(), manifests.end(), [](const loader::Manifest& manifest) {
    return manifest.kind == loader::Manifest::Kind::kBoth;
  });
  if (!replaced) manifests.push_back(loader::ReadManifest(OwnLibrary()));
  return manifests;
}

int Prepare(const PrepareFlags& flags) {
  prepare::Options options;
  try {
    for (const loader::Manifest& manifest : Manifests(flags)) {
      for (prepare::LayerBinding& binding : prepare::LayersOf(manifest)) options.layers.push_back(std::move(binding));
    }
  } catch (const loader::LoadError& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
  const absl::StatusOr<prepare::Report> report = prepare::PrepareToFile(flags.in, flags.out, options);
  if (!report.ok()) {
    std::fprintf(stderr, "error: %s\n", std::string(report.status().message()).c_str());
    return 1;
  }
  for (const std::string& line : report->Lines()) std::printf("%s\n", line.c_str());
  std::printf("%s: written%s\n", flags.out.c_str(), report->changes.empty() ? "; nothing had to be changed" : "");
  return 0;
}

}  // namespace

void AddPrepare(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("prepare", "Rewrite an ONNX model so that stock OpenVINO, with the extension, reads it");
  auto flags = std::make_shared<PrepareFlags>();
  command.add_option("in", flags->in, "ONNX model to read")->required()->option_text("IN.onnx");
  command.add_option("out", flags->out, "where to write the prepared one")->required()->option_text("OUT.onnx");
  command
      .add_option("--cpu_extension", flags->cpu_extensions,
                  "extension libraries, ':'-separated or the flag again beside our own (default: CPU_EXTENSION)")
      ->allow_extra_args(false);
  command.footer("Example:\n  lamina prepare churn.onnx churn_prepared.onnx\n  (the server does this by itself)");
  command.callback([flags, &exit_code] { exit_code = Prepare(*flags); });
}

}  // namespace lamina::cli
