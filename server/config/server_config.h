#ifndef LAMINA_SERVER_CONFIG_SERVER_CONFIG_H_
#define LAMINA_SERVER_CONFIG_SERVER_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/config/model_config.h"

namespace lamina::server {

/// The files of TLS, in PEM form. Without a certificate there is no TLS.
struct TlsConfig {
  std::string certificate_file;  // the server's, then those between it and its root
  std::string key_file;
  std::string client_ca_file;  // who signs clients' certificates, which are then required; empty: clients need none
};

/// Where and how the server listens.
///
/// A bind address is one or more, with commas between them: an address or name of this machine, or unix:PATH.
struct TransportConfig {
  std::string grpc_bind_address = "::";
  int grpc_port = 9000;
  int grpc_workers = 1;
  int64_t max_message_bytes = int64_t{1} << 30;

  int busy_poll_us = 200;  // how long a thread without requests may look for more before it sleeps; 0: not at all

  int64_t max_request_memory_bytes = 0;  // of all requests together; 0: half of the machine's, 4 GiB at most
  int max_connections = 16384;

  std::string rest_bind_address = "::";
  int rest_port = 0;  // 0: none of its own, only unix sockets; gRPC's port speaks HTTP, too
  int rest_workers = 1;
  int64_t rest_queue_size = 100;  // requests; read for old deployments, used by nothing

  TlsConfig tls;
  std::string auth_token_file;            // tokens, one a line, of which a request needs one; empty: it needs none
  std::vector<std::string> cors_origins;  // whose pages' scripts may ask over REST; "*": all
};

/// What is logged, and where besides the console.
struct LogConfig {
  enum class Level { kTrace, kDebug, kInfo, kWarning, kError };

  Level level = Level::kInfo;
  std::string path;  // empty: the console alone
};

/// How models are looked after while the server runs.
struct ModelsConfig {
  double poll_interval_s = 1;  // how often a model's folder is looked at for versions; 0 or less: never again
  double queue_timeout_s = 5;  // how long a request may wait for its turn
  std::string cache_dir;       // where compiled models are kept between starts; empty: nowhere
};

/// The extension libraries that every model gets.
struct ExtensionsConfig {
  /// Not given: the first of the default places that exists, else the library beside the server. Empty: none.
  std::optional<std::vector<std::string>> libraries;
  /// The folder of the running program; the library beside the server is ../lib/libcpu_extension.so from there.
  std::string program_dir;
};

/// All that the server is started with. Filled by environment, command line and config.json, in that order.
struct ServerConfig {
  TransportConfig transport;
  LogConfig log;
  ModelsConfig models;
  ExtensionsConfig extensions;
  std::vector<ModelConfig> model_list;
  std::string config_path;     // the file that model_list came from; empty: it came from the command line
  ModelConfig model_defaults;  // what a model of that file, or one that a client adds, starts as

  /// What was found wrong or strange while this was filled, and did not keep the server from starting: to be logged
  /// first.
  std::vector<std::string> problems;
  std::vector<std::string> warnings;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_SERVER_CONFIG_H_
