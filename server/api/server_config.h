#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/api/model_config.h"

namespace lamina::server {

/// The whole server, as configured by flags, environment and config file together.
struct ServerConfig {
  std::vector<ModelConfig> models;
  /// The file that the models came from; empty when they came from flags.
  std::string config_path;
  std::string grpc_bind_address = "0.0.0.0";
  /// 0 takes a free port, which the start-up line tells.
  int port = 9000;
  /// 0: no REST.
  int rest_port = 0;
  int grpc_workers = 1;
  /// How often base paths are looked at for new and removed versions; 0 or less: never.
  double file_system_poll_wait_seconds = 1.0;
  /// How long a request may wait for a free inference.
  double queue_timeout_seconds = 5.0;
  /// Extension libraries for every model that names none. Nothing: the default places are searched. Empty: none.
  std::optional<std::vector<std::string>> cpu_extensions;
  /// Where compiled models are kept between starts; empty: nowhere.
  std::string cache_dir;
  /// "TRACE", "DEBUG", "INFO", "WARNING", "ERROR".
  std::string log_level = "INFO";
  /// A log file besides the console; empty: none.
  std::string log_path;
  /// Where the program itself lies; the built-in extension library is looked for at ../lib from there.
  std::string program_dir;
};

}  // namespace lamina::server
