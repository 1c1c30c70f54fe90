#include "server/config/validate.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "server/config/listen_address.h"

namespace lamina::server {
namespace {

// What is added to a time stays one.
constexpr double kMostSeconds = 365.0 * 24 * 3600;

std::string Shown(double seconds) {
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, seconds).ptr);
}

bool IsRemote(std::string_view path) { return path.find("://") != std::string_view::npos; }

void CheckPort(std::string_view name, int port, std::vector<std::string>& problems) {
  if (port < 0 || port > 65535) {
    problems.push_back(std::string(name) + ": " + std::to_string(port) + " is not a port; expected 0 to 65535");
  }
}

void CheckAtLeastOne(std::string_view name, int64_t value, std::vector<std::string>& problems) {
  if (value < 1) problems.push_back(std::string(name) + ": got " + std::to_string(value) + "; expected 1 or more");
}

/// More would keep a core from everybody else, and nobody wakes up as slowly as that.
void CheckBusyPoll(int us, std::vector<std::string>& problems) {
  if (us >= 0 && us <= 10'000) return;
  problems.push_back("busy_poll_us: got " + std::to_string(us) +
                     "; expected 0 (not at all) to 10000 microseconds, and 200 is the default");
}

void CheckAddresses(std::string_view name, std::string_view list, std::vector<std::string>& problems) {
  const auto addresses = ParseListenAddresses(list);
  if (!addresses.ok()) problems.push_back(std::string(name) + ": " + std::string(addresses.status().message()));
}

/// A unix socket is one side's: both speak gRPC and REST. TCP addresses have a port of their own on each side.
void CheckSocketsDiffer(std::string_view grpc_list, std::string_view rest_list, std::vector<std::string>& problems) {
  const auto grpc = ParseListenAddresses(grpc_list), rest = ParseListenAddresses(rest_list);
  if (!grpc.ok() || !rest.ok()) return;
  for (const ListenAddress& address : *rest) {
    if (address.kind != ListenAddress::Kind::kUnix || std::ranges::count(*grpc, address) == 0) continue;
    problems.push_back("rest_bind_address: 'unix:" + address.text +
                       "' is named in grpc_bind_address, too; leave it out here, REST is spoken there as well");
  }
}

void CheckTls(const TlsConfig& tls, std::vector<std::string>& problems) {
  if (!tls.certificate_file.empty() && tls.key_file.empty()) {
    problems.push_back("tls_key_file: is missing; give the file of the key that the certificate in " +
                       tls.certificate_file + " was made with");
  }
  if (!tls.certificate_file.empty()) return;
  if (!tls.key_file.empty() || !tls.client_ca_file.empty()) {
    problems.push_back("tls_certificate_file: is missing; " +
                       (tls.key_file.empty() ? std::string("tls_client_ca_file") : std::string("tls_key_file")) +
                       " is of no use without the server's certificate");
  }
}

/// As a browser writes it: any other would never be found to be the same.
void CheckOrigin(const std::string& origin, std::vector<std::string>& problems) {
  const size_t scheme = origin.find("://");
  const bool upper = std::any_of(origin.begin(), origin.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (origin == "*" || (scheme != std::string::npos && scheme > 0 && scheme + 3 < origin.size() && !upper &&
                        origin.find_first_of("/*? ", scheme + 3) == std::string::npos)) {
    return;
  }
  problems.push_back(
      "rest_cors_origins: '" + origin +
      "' is no origin; expected * or, in lower case and without a path, such as https://app.example:8443");
}

}  // namespace

std::vector<std::string> FindProblems(const ModelConfig& model) {
  std::vector<std::string> problems;
  if (model.name.empty()) problems.push_back("'name' is missing: the name that requests use");
  const auto bad = [](unsigned char c) { return c == '/' || c < 0x20; };
  if (std::any_of(model.name.begin(), model.name.end(), bad)) {
    problems.push_back("name: '" + model.name + "' has a slash or a control character, which no address can hold");
  }
  if (model.base_path.empty())
    problems.push_back("'base_path' is missing: the folder that holds a numbered folder a version");
  if (IsRemote(model.base_path)) {
    problems.push_back("base_path: '" + model.base_path +
                       "' is remote storage, which this version does not read; copy it to a folder or mount it");
  }
  if (model.target_device.empty()) problems.push_back("target_device: is empty; expected a device such as CPU");
  return problems;
}

std::vector<std::string> FindProblems(const ServerConfig& config) {
  std::vector<std::string> problems;
  CheckPort("port", config.transport.grpc_port, problems);
  CheckPort("rest_port", config.transport.rest_port, problems);
  CheckAddresses("grpc_bind_address", config.transport.grpc_bind_address, problems);
  CheckAddresses("rest_bind_address", config.transport.rest_bind_address, problems);
  CheckSocketsDiffer(config.transport.grpc_bind_address, config.transport.rest_bind_address, problems);
  CheckTls(config.transport.tls, problems);
  for (const std::string& origin : config.transport.cors_origins) CheckOrigin(origin, problems);
  CheckAtLeastOne("grpc_workers", config.transport.grpc_workers, problems);
  CheckAtLeastOne("rest_workers", config.transport.rest_workers, problems);
  CheckBusyPoll(config.transport.busy_poll_us, problems);
  CheckAtLeastOne("REST_REQUESTS_QUEUE_SIZE", config.transport.rest_queue_size, problems);
  if (config.transport.rest_port != 0 && config.transport.rest_port == config.transport.grpc_port) {
    problems.push_back("rest_port: " + std::to_string(config.transport.rest_port) +
                       " is the gRPC port; give it another");
  }
  if (!(config.models.queue_timeout_s > 0 && config.models.queue_timeout_s <= kMostSeconds)) {
    problems.push_back("ENGINE_REQUESTS_QUEUE_TIMEOUT: got " + Shown(config.models.queue_timeout_s) +
                       "; expected more than 0 seconds, and a year (31536000) at most");
  }
  if (!(config.models.poll_interval_s <= kMostSeconds)) {
    problems.push_back("file_system_poll_wait_seconds: got " + Shown(config.models.poll_interval_s) +
                       "; expected a year (31536000 seconds) at most, or 0 to look once");
  }
  return problems;
}

}  // namespace lamina::server
