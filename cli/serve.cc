#include <memory>

#include "cli/commands.h"
#include "cli/start_server.h"

namespace lamina::cli {

void AddServe(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("serve", "Serve models over KServe v2 and TensorFlow Serving, over gRPC and REST");
  auto flags = std::make_shared<ServeFlags>();
  // In the order in which `--help` shows them.
  flags->AddConfigPath(command);
  flags->AddModel(command);
  flags->AddTransport(command);
  flags->AddSecurity(command);
  flags->AddLayers(command);
  flags->AddRest(command);
  command.footer(
      "Examples:\n"
      "  lamina serve --model_name churn --model_path /models/churn --port 9000\n"
      "      serves the highest version in /models/churn, e.g. /models/churn/1/model.onnx\n"
      "  lamina serve --config_path /models/config.json --port 9000\n"
      "      serves {\"model_config_list\": [{\"config\": {\"name\": \"churn\", \"base_path\": \"/models/churn\"}}]}\n"
      "  lamina serve --cpu_extension ./libmy_layers.so --model_name m --model_path /models/m\n"
      "      with layers of your own\n"
      "  lamina serve --config_path /models/config.json --tls_certificate_file server.pem --tls_key_file server.key\n"
      "      with TLS on the port\n"
      "Environment: CPU_EXTENSION, CPU_EXTENSION_ISA, DEVICE, LOG_LEVEL, LOG_PATH, LAMINA_LOG,\n"
      "FILE_SYSTEM_POLL_WAIT_SECONDS, ENGINE_REQUESTS_QUEUE_TIMEOUT, LAMINA_TLS_CERTIFICATE_FILE,\n"
      "LAMINA_TLS_KEY_FILE, LAMINA_TLS_CLIENT_CA_FILE, LAMINA_AUTH_TOKEN_FILE, LAMINA_REST_CORS_ORIGINS;\n"
      "a flag wins over its variable.");
  command.callback([flags, &exit_code] { exit_code = StartServer(*flags); });
}

}  // namespace lamina::cli
