#include "cli/serve_flags.h"

#include <utility>

#include "server/config/model_list.h"
#include "server/config/model_settings.h"
#include "server/config/text_list.h"
#include "server/config/validate.h"

namespace lamina::cli {
namespace {

struct ModelFlag {
  const char* flag;
  const char* setting;  // the key in config.json
  const char* help;
};

constexpr ModelFlag kModelFlags[] = {
    {"model_name", "name", "name that requests use"},
    {"model_path", "base_path", "folder that holds a numbered folder for each version, or a model file"},
    {"batch_size", "batch_size",
     "first dimension of every input: a number, a range like 1:8, or auto (any); 0: the model's"},
    {"shape", "shape", "auto, \"(1,3,224,224)\", or JSON by input: {\"x\": \"(1,3,-1,-1)\"}; wins over batch_size"},
    {"layout", "layout", "NHWC:NCHW when requests bring NHWC and the model takes NCHW; or JSON by input"},
    {"model_version_policy", "model_version_policy",
     "{\"latest\": {\"num_versions\": 1}} (default), {\"specific\": {\"versions\": [1, 3]}} or {\"all\": {}}"},
    {"nireq", "nireq", "requests that run at the same time; 0: as many as the engine finds best"},
    {"target_device", "target_device", "device of OpenVINO's (default CPU)"},
    {"plugin_config", "plugin_config", "properties of the device, JSON: {\"NUM_STREAMS\": \"2\"}"},
};

/// What is wrong with a flag's text where a number is expected; empty: nothing.
std::string NotANumber(const std::string& text) {
  double number = 0;
  if (CLI::detail::lexical_cast(text, number)) return {};
  return "'" + text + "' is not a number; give one";
}

/// The same of a number without a point.
std::string NotAnInteger(const std::string& text) {
  int number = 0;
  if (CLI::detail::lexical_cast(text, number)) return {};
  return "'" + text + "' is not a whole number; give one, or leave the flag out";
}

template <typename T, typename U>
void Apply(const std::optional<T>& flag, U& setting) {
  if (flag) setting = *flag;
}

void Append(std::vector<std::string> from, std::vector<std::string>& to) {
  for (std::string& text : from) to.push_back(std::move(text));
}

}  // namespace

void ServeFlags::AddTransport(CLI::App& command) {
  CLI::Option* const options[] = {
      command.add_option("--port", port_, "port for gRPC and REST (default 9000; 0: any free one)")
          ->check(NotAnInteger),
      command.add_option("--rest_port", rest_port_, "a second port, which speaks both, too (default 0: none)")
          ->check(NotAnInteger),
      command.add_option("--grpc_bind_address", grpc_bind_address_,
                         "addresses that --port listens on, ','-separated: 127.0.0.1, ::1, a name, or unix:PATH, which "
                         "needs no port (default ::, all)"),
      command.add_option("--rest_bind_address", rest_bind_address_, "the same for --rest_port (default ::, all)"),
  };
  for (CLI::Option* option : options) option->group("Ports");
}

CLI::Option* ServeFlags::AddConfigPath(CLI::App& command) {
  return command.add_option("--config_path", config_path_, "JSON file with a model_config_list")->group("Models");
}

std::vector<CLI::Option*> ServeFlags::AddModel(CLI::App& command) {
  std::vector<CLI::Option*> options;
  for (const ModelFlag& model_flag : kModelFlags) {
    const auto keep = [this, flag = model_flag.flag](const std::string& text) { model_flags_[flag] = text; };
    options.push_back(
        command.add_option_function<std::string>(std::string("--") + model_flag.flag, keep, model_flag.help)
            ->group(options.size() < 2 ? "Models" : "Settings of that model, as the keys of config.json"));
  }
  options.resize(2);
  return options;
}

void ServeFlags::AddLayers(CLI::App& command) {
  const auto add_libraries = [this](const std::string& paths) {
    cpu_extensions_given_ = true;
    Append(server::SplitPaths(paths), cpu_extensions_);
  };
  command
      .add_option_function<std::string>("--cpu_extension", add_libraries,
                                        "extension libraries for every model, besides our own layers, ':'-separated or "
                                        "the flag again; \"\": none, nor our own (default: CPU_EXTENSION)")
      ->expected(0, 1)
      ->trigger_on_parse()
      ->group("Layers");
}

void ServeFlags::AddRest(CLI::App& command) {
  command
      .add_option("--grpc_workers", grpc_workers_,
                  "the most threads that serve requests, if more than cores (default 1)")
      ->check(NotAnInteger)
      ->group("Performance");
  command.add_option("--rest_workers", rest_workers_, "the same (default 1)")
      ->check(NotAnInteger)
      ->group("Performance");
  command
      .add_option("--busy_poll_us", busy_poll_us_,
                  "how many microseconds a thread may look for the next request before it sleeps, while requests come "
                  "that fast and a core is free (default 200; 0: not at all)")
      ->check(NotAnInteger)
      ->group("Performance");
  command.add_option("--cache_dir", cache_dir_, "folder for compiled models, for faster starts")->group("Performance");
  command
      .add_option("--file_system_poll_wait_seconds", poll_interval_s_,
                  "how often model folders and config.json are looked at (default 1; 0 or less: never again)")
      ->check(NotANumber)
      ->group("Changes");
  command.add_option("--log_level", log_level_, "TRACE, DEBUG, INFO, WARNING or ERROR (default INFO)")->group("Log");
  command.add_option("--log_path", log_path_, "log file besides the console")->group("Log");
}

void ServeFlags::AddSecurity(CLI::App& command) {
  CLI::Option* const options[] = {
      command.add_option("--tls_certificate_file", tls_certificate_file_,
                         "speak TLS on every port, by this certificate and those between it and its root (PEM)"),
      command.add_option("--tls_key_file", tls_key_file_, "the certificate's key (PEM, without a passphrase)"),
      command.add_option("--tls_client_ca_file", tls_client_ca_file_,
                         "require of clients a certificate that one of these signed (PEM)"),
      command.add_option("--auth_token_file", auth_token_file_,
                         "require of requests one of these bearer tokens, one a line (health needs none)"),
      command.add_option("--rest_cors_origins", cors_origins_,
                         "origins whose pages may ask over REST, ','-separated, or * (default none)"),
  };
  for (CLI::Option* option : options) option->group("Security");
}

ServeFlags::Result ServeFlags::Resolve(const server::GetVariable& environment) const {
  Result result;
  server::ModelConfig defaults;
  defaults.nireq = default_nireq_;
  result.errors = server::ReadEnvironment(environment, result.config, defaults);
  result.config.model_defaults = defaults;
  ApplyServerFlags(result);
  ReadModels(defaults, result);
  Append(server::FindProblems(result.config), result.errors);
  return result;
}

void ServeFlags::ApplyServerFlags(Result& result) const {
  server::ServerConfig& config = result.config;
  Apply(port_, config.transport.grpc_port);
  Apply(rest_port_, config.transport.rest_port);
  Apply(grpc_workers_, config.transport.grpc_workers);
  Apply(rest_workers_, config.transport.rest_workers);
  Apply(busy_poll_us_, config.transport.busy_poll_us);
  Apply(grpc_bind_address_, config.transport.grpc_bind_address);
  Apply(rest_bind_address_, config.transport.rest_bind_address);
  Apply(tls_certificate_file_, config.transport.tls.certificate_file);
  Apply(tls_key_file_, config.transport.tls.key_file);
  Apply(tls_client_ca_file_, config.transport.tls.client_ca_file);
  Apply(auth_token_file_, config.transport.auth_token_file);
  if (cors_origins_) config.transport.cors_origins = server::SplitList(*cors_origins_);
  if (log_level_) config.log.level = server::ParseLogLevel(*log_level_);
  Apply(log_path_, config.log.path);
  Apply(cache_dir_, config.models.cache_dir);
  Apply(poll_interval_s_, config.models.poll_interval_s);
  if (cpu_extensions_given_) config.extensions.libraries = cpu_extensions_;
}

void ServeFlags::ReadModels(const server::ModelConfig& defaults, Result& result) const {
  if (config_path_.empty()) {
    ReadModelFromFlags(defaults, result);
    return;
  }
  if (!model_flags_.empty()) {
    result.errors.push_back("--" + model_flags_.begin()->first + ": a model is given in --config_path " + config_path_ +
                            " or by flags, not both; put it into the file");
    return;
  }
  auto list = server::ReadModelList(config_path_, defaults);
  if (!list.ok()) {
    result.errors.push_back(std::string(list.status().message()));
    return;
  }
  result.config.config_path = config_path_;
  result.config.model_list = std::move(list->models);
  for (const std::string& problem : list->problems) result.config.problems.push_back(config_path_ + ": " + problem);
  Append(std::move(list->warnings), result.config.warnings);
}

void ServeFlags::ReadModelFromFlags(const server::ModelConfig& defaults, Result& result) const {
  if (!model_flags_.contains("model_name") && !model_flags_.contains("model_path")) {
    result.errors.push_back("no model is given; say --model_name NAME --model_path FOLDER, or --config_path FILE");
    return;
  }
  server::ModelConfig model = defaults;
  const size_t errors_before = result.errors.size();
  const auto require = [&](const std::string& flag, const std::string& what) {
    const auto given = model_flags_.find(flag);
    if (given != model_flags_.end() && !given->second.empty()) return;
    const std::string lack = given == model_flags_.end() ? "is missing" : "is empty";
    result.errors.push_back("--" + flag + ": " + lack + "; give the " + what);
  };
  require("model_name", "name that requests use");
  require("model_path", "folder that holds a numbered folder for each version, or a model file");
  for (const ModelFlag& flag : kModelFlags) {
    const auto given = model_flags_.find(flag.flag);
    if (given != model_flags_.end())
      Append(ReadModelFlag(flag.setting, flag.flag, given->second, model), result.errors);
  }
  if (result.errors.size() == errors_before) Append(server::FindProblems(model), result.errors);
  server::SettleModel(model, result.config.warnings);
  result.config.model_list.push_back(std::move(model));
}

}  // namespace lamina::cli
