#include "server/transport/tls_source.h"

#include <spdlog/spdlog.h>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

void Announce(const TlsContext& context) {
  spdlog::info("TLS by the certificate of {}", context.description());
  for (const std::string& warning : context.warnings()) spdlog::warn("{}", warning);
}

}  // namespace

absl::StatusOr<std::shared_ptr<TlsSource>> TlsSource::Load(const TlsConfig& config) {
  LAMINA_ASSIGN_OR_RETURN(std::shared_ptr<const TlsContext> context, TlsContext::Load(config));
  Announce(*context);
  return std::shared_ptr<TlsSource>(new TlsSource(config, std::move(context)));
}

std::shared_ptr<const TlsContext> TlsSource::Current() const {
  MutexLock lock(mutex_);
  return current_;
}

absl::Status TlsSource::Reload() {
  absl::StatusOr<std::shared_ptr<const TlsContext>> context = TlsContext::Load(config_);
  if (!context.ok()) {
    return absl::Status(context.status().code(),
                        absl::StrCat(context.status().message(), "; new connections get the certificate from before"));
  }
  Announce(**context);
  MutexLock lock(mutex_);
  current_ = *std::move(context);
  return absl::OkStatus();
}

std::vector<std::string> TlsSource::Files() const {
  std::vector<std::string> files = {config_.certificate_file, config_.key_file};
  if (!config_.client_ca_file.empty()) files.push_back(config_.client_ca_file);
  return files;
}

}  // namespace lamina::server
