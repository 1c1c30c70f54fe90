#ifndef LAMINA_SERVER_TRANSPORT_TLS_SOURCE_H_
#define LAMINA_SERVER_TRANSPORT_TLS_SOURCE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/server_config.h"
#include "server/threads/mutex.h"
#include "server/transport/tls_context.h"

namespace lamina::server {

/// What new connections speak TLS with: what the files held when they were last read and right. Thread-safe.
class TlsSource {
 public:
  static absl::StatusOr<std::shared_ptr<TlsSource>> Load(const TlsConfig& config);

  std::shared_ptr<const TlsContext> Current() const;

  /// Reads the files again. An error says that all stays as it was, and why.
  absl::Status Reload();

  std::vector<std::string> Files() const;

 private:
  TlsSource(TlsConfig config, std::shared_ptr<const TlsContext> context)
      : config_(std::move(config)), current_(std::move(context)) {}

  const TlsConfig config_;
  mutable Mutex mutex_;
  std::shared_ptr<const TlsContext> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TLS_SOURCE_H_
