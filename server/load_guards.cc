#include "server/load_guards.h"

#include <spdlog/spdlog.h>

#include <string>

#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

/// Has `guard`, which has files and can read them again, do so when they change.
template <typename Guard>
void Watch(const std::shared_ptr<Guard>& guard, FileWatch& watch) {
  watch.Add(guard->Files(), [guard] {
    const absl::Status status = guard->Reload();
    if (status.ok()) {
      spdlog::info("{} is read again", guard->Files().front());
    } else {
      spdlog::error("{}", std::string(status.message()));
    }
  });
}

}  // namespace

absl::StatusOr<Guards> LoadGuards(const TransportConfig& config, FileWatch& watch) {
  Guards guards;
  if (!config.tls.certificate_file.empty()) {
    LAMINA_ASSIGN_OR_RETURN(guards.tls, TlsSource::Load(config.tls));
    Watch(guards.tls, watch);
  }
  if (!config.auth_token_file.empty()) {
    LAMINA_ASSIGN_OR_RETURN(guards.tokens, AccessTokens::Load(config.auth_token_file));
    spdlog::info("requests need one of the {} tokens of {}", guards.tokens->count(), config.auth_token_file);
    Watch(guards.tokens, watch);
  }
  if (!config.cors_origins.empty()) guards.cors = std::make_shared<const CorsPolicy>(config.cors_origins);
  return guards;
}

void WarnOfOpenTokens(const Guards& guards, const Listeners& listeners) {
  if (!guards.tokens || guards.tls) return;
  for (const Listeners::One& one : listeners.all) {
    if (one.socket->is_local()) continue;
    spdlog::warn(
        "tokens come to {} without TLS: whoever sees the network can read and use them; give --tls_certificate_file, "
        "or "
        "listen on 127.0.0.1 or a unix socket",
        one.socket->text());
  }
}

}  // namespace lamina::server
