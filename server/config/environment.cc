#include "server/config/environment.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "server/config/text_list.h"

namespace lamina::server {
namespace {

/// Reads the whole of `text` as a number into `value`, or adds a problem.
template <typename T>
void ReadNumber(const char* name, const char* text, T& value, std::vector<std::string>& problems) {
  if (text == nullptr) return;
  const std::string_view whole = text;
  T number{};
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), number);
  if (error != std::errc() || end != whole.data() + whole.size() || !std::isfinite(static_cast<double>(number))) {
    problems.push_back(std::string(name) + ": '" + text + "' is not a number; set one or leave the variable out");
  } else {
    value = number;
  }
}

void ReadText(const char* text, std::string& setting) {
  if (text != nullptr) setting = text;
}

}  // namespace

LogConfig::Level ParseLogLevel(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (upper == "TRACE") return LogConfig::Level::kTrace;
  if (upper == "DEBUG") return LogConfig::Level::kDebug;
  if (upper == "WARNING") return LogConfig::Level::kWarning;
  if (upper == "ERROR") return LogConfig::Level::kError;
  return LogConfig::Level::kInfo;
}

std::vector<std::string> ReadEnvironment(const GetVariable& get, ServerConfig& config, ModelConfig& defaults) {
  std::vector<std::string> problems;
  if (const char* paths = get("CPU_EXTENSION")) config.extensions.libraries = SplitPaths(paths);
  if (const char* device = get("DEVICE"); device != nullptr && *device != '\0') defaults.target_device = device;
  if (const char* level = get("LOG_LEVEL")) config.log.level = ParseLogLevel(level);
  if (const char* path = get("LOG_PATH")) config.log.path = path;
  ReadText(get("LAMINA_TLS_CERTIFICATE_FILE"), config.transport.tls.certificate_file);
  ReadText(get("LAMINA_TLS_KEY_FILE"), config.transport.tls.key_file);
  ReadText(get("LAMINA_TLS_CLIENT_CA_FILE"), config.transport.tls.client_ca_file);
  ReadText(get("LAMINA_AUTH_TOKEN_FILE"), config.transport.auth_token_file);
  if (const char* origins = get("LAMINA_REST_CORS_ORIGINS")) config.transport.cors_origins = SplitList(origins);
  ReadNumber("FILE_SYSTEM_POLL_WAIT_SECONDS", get("FILE_SYSTEM_POLL_WAIT_SECONDS"), config.models.poll_interval_s,
             problems);
  ReadNumber("ENGINE_REQUESTS_QUEUE_TIMEOUT", get("ENGINE_REQUESTS_QUEUE_TIMEOUT"), config.models.queue_timeout_s,
             problems);
  ReadNumber("REST_REQUESTS_QUEUE_SIZE", get("REST_REQUESTS_QUEUE_SIZE"), config.transport.rest_queue_size, problems);
  return problems;
}

}  // namespace lamina::server
