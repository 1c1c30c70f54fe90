#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/libraries.h"
#include "server/api/tensor.h"
#include "server/engine/load_model.h"
#include "server/engine/try_extension.h"
#include "server/extensions/extension_store.h"
#include "server/logging.h"
#include "server/threads/timer.h"

namespace lamina::cli {
namespace {

struct CheckFlags {
  std::string model;
  std::vector<std::string> cpu_extensions;
};

void PrintTensors(const char* title, const std::vector<server::TensorInfo>& tensors) {
  for (const server::TensorInfo& tensor : tensors) {
    std::printf("  %s %s: %s %s\n", title, tensor.name.c_str(),
                std::string(server::ElementTypeName(tensor.type)).c_str(),
                tensor.any_rank ? "of any rank" : server::ShapeText(tensor.shape).c_str());
  }
}

server::ExtensionsConfig Extensions(const CheckFlags& flags) {
  server::ExtensionsConfig config;
  config.program_dir = ProgramDir();
  config.libraries = NamedLibraries(flags.cpu_extensions);
  return config;
}

/// Loads the model as the server would, one inference included.
int Check(const CheckFlags& flags) {
  IgnoreLayersOfEnvironment();
  (void)server::StartLogging({});  // without a file, nothing can fail
  const server::ModelConfig model = {.name = flags.model, .base_path = flags.model};
  const server::ExtensionStore extensions(Extensions(flags), {model},
                                          [](const server::ExtensionLibrary& library, const std::string& bridge) {
                                            return server::TryExtension(library, bridge);
                                          });
  server::Timer timer;
  const auto loaded =
      server::LoadModel({.config = model, .path = flags.model, .extensions = extensions.For(model)}, timer);
  if (!loaded.ok()) {
    std::fprintf(stderr, "error: %s\n", std::string(loaded.status().message()).c_str());
    return 1;
  }
  std::printf("%s: the server can serve it (%s)\n", flags.model.c_str(), (*loaded)->platform().c_str());
  PrintTensors("input", (*loaded)->signature()->inputs);
  PrintTensors("output", (*loaded)->signature()->outputs);
  return 0;
}

}  // namespace

void AddCheck(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("check", "Load a model as the server would, and say what it lacks");
  auto flags = std::make_shared<CheckFlags>();
  command.add_option("model", flags->model, "model file, or the folder of one version")->required();
  command
      .add_option(
          "--cpu_extension", flags->cpu_extensions,
          "extension libraries besides our own layers, ':'-separated or the flag again (default: CPU_EXTENSION)")
      ->allow_extra_args(false);
  command.footer("Example:\n  lamina check /models/churn/1/model.onnx");
  command.callback([flags, &exit_code] { exit_code = Check(*flags); });
}

}  // namespace lamina::cli
