#ifndef LAMINA_CLI_SERVE_FLAGS_H_
#define LAMINA_CLI_SERVE_FLAGS_H_

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/config/environment.h"
#include "server/config/server_config.h"

namespace lamina::cli {

/// The flags of a command that starts the server: added to the command first, then, once it has parsed its line, put
/// together with environment and config.json.
class ServeFlags {
 public:
  /// What to start with, or why not.
  struct Result {
    server::ServerConfig config;
    std::vector<std::string> errors;  // every reason why the server can't be started
  };

  /// --port, --rest_port and the addresses that they listen on.
  void AddTransport(CLI::App& command);
  /// --config_path.
  CLI::Option* AddConfigPath(CLI::App& command);
  /// --model_name, --model_path and what a model can be given besides. Returns the first two.
  std::vector<CLI::Option*> AddModel(CLI::App& command);
  /// --cpu_extension.
  void AddLayers(CLI::App& command);
  /// --grpc_workers, --rest_workers, --busy_poll_us, and what the server of 2019 took from the environment only: --log_level, ...
  void AddRest(CLI::App& command);

  /// --tls_certificate_file and the other flags that say who may ask, and how.
  void AddSecurity(CLI::App& command);

  /// How many requests a model runs at once when nothing is said; 0: as many as the engine finds best.
  void set_default_nireq(int64_t nireq) { default_nireq_ = nireq; }

  /// Environment first, then config.json or the model's flags, then the server's flags, each over the one before.
  Result Resolve(const server::GetVariable& environment) const;

 private:
  void ApplyServerFlags(Result& result) const;
  void ReadModels(const server::ModelConfig& defaults, Result& result) const;
  void ReadModelFromFlags(const server::ModelConfig& defaults, Result& result) const;

  int64_t default_nireq_ = 0;
  std::optional<int> port_, rest_port_, grpc_workers_, rest_workers_, busy_poll_us_;
  std::string config_path_;
  std::map<std::string, std::string> model_flags_;  // by flag, without the dashes
  std::optional<std::string> grpc_bind_address_, rest_bind_address_, log_level_, log_path_, cache_dir_;
  std::optional<std::string> tls_certificate_file_, tls_key_file_, tls_client_ca_file_, auth_token_file_;
  std::optional<std::string> cors_origins_;
  std::optional<double> poll_interval_s_;
  std::vector<std::string> cpu_extensions_;
  bool cpu_extensions_given_ = false;
};

}  // namespace lamina::cli

#endif  // LAMINA_CLI_SERVE_FLAGS_H_
