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
  return guards;
}

}  // namespace lamina::server
