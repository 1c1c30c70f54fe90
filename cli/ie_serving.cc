#include <memory>

#include "cli/commands.h"
#include "cli/start_server.h"

namespace lamina::cli {
namespace {

// What the server of 2019 ran at once when nothing was said.
constexpr int64_t kOldNireq = 1;

}  // namespace

void AddOldWords(CLI::App& app, int& exit_code) {
  CLI::App& model = *app.add_subcommand("model", "Serve one model");
  auto model_flags = std::make_shared<ServeFlags>();
  for (CLI::Option* option : model_flags->AddModel(model)) option->required();
  CLI::App& config = *app.add_subcommand("config", "Serve the models of a config.json");
  auto config_flags = std::make_shared<ServeFlags>();
  config_flags->AddConfigPath(config)->required();
  for (const auto& [command, flags] : {std::pair(&model, model_flags), std::pair(&config, config_flags)}) {
    flags->set_default_nireq(kOldNireq);
    flags->AddTransport(*command);
    flags->AddSecurity(*command);
    flags->AddLayers(*command);
    flags->AddRest(*command);
    command->callback([flags = flags, &exit_code] { exit_code = StartServer(*flags); });
  }
  app.footer(
      "Examples:\n"
      "  ie_serving model --model_name resnet --model_path /opt/ml/resnet --port 9001\n"
      "  CPU_EXTENSION=/opt/ml/libcpu_extension.so ie_serving config --config_path /opt/ml/config.json --port 9001\n"
      "The same server under its own name: lamina serve --help");
}

}  // namespace lamina::cli
