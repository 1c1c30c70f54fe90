#include <memory>

#include "cli/commands.h"
#include "cli/start_server.h"

namespace lamina::cli {

void AddServe(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("serve", "Serve models over KServe v2 and TensorFlow Serving (gRPC)");
  auto flags = std::make_shared<ServeFlags>();
  for (CLI::Option* option : flags->AddModel(command)) option->group("Models");
  flags->AddConfigPath(command)->group("Models");
  flags->AddTransport(command);
  flags->AddRest(command);
  command.footer(
      "Examples:\n"
      "  lamina serve --model_name churn --model_path /models/churn --port 9000\n"
      "      serves the highest version in /models/churn, e.g. /models/churn/1/model.onnx\n"
      "  lamina serve --config_path /models/config.json --port 9000\n"
      "      serves {\"model_config_list\": [{\"config\": {\"name\": \"churn\", \"base_path\": \"/models/churn\"}}]}\n"
      "  lamina serve --cpu_extension ./libmy_layers.so --model_name m --model_path /models/m\n"
      "      with layers of your own\n"
      "Environment: CPU_EXTENSION, DEVICE, LOG_LEVEL, LOG_PATH, FILE_SYSTEM_POLL_WAIT_SECONDS, "
      "ENGINE_REQUESTS_QUEUE_TIMEOUT;\n"
      "a flag wins over its variable.");
  command.callback([flags, &exit_code] { exit_code = StartServer(*flags); });
}

}  // namespace lamina::cli
