#ifndef LAMINA_SERVER_ACCESS_ACCESS_TOKENS_H_
#define LAMINA_SERVER_ACCESS_ACCESS_TOKENS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// The bearer tokens of which a request needs one: those of a file, one a line, where empty lines and lines that begin
/// with # do not count. Only their hashes are kept. Thread-safe.
class AccessTokens {
 public:
  /// An error names the file, and the line, and says what to do.
  static absl::StatusOr<std::shared_ptr<AccessTokens>> Load(const std::string& path);

  /// Whether a request may be served that has this as its header or metadata `authorization`; UNAUTHENTICATED says what
  /// is missing. How long it takes does not tell how much of a token is right.
  absl::Status Check(std::string_view authorization) const;

  /// Reads the file again. An error says that all stays as it was, and why.
  absl::Status Reload();

  std::vector<std::string> Files() const { return {path_}; }
  size_t count() const;

 private:
  using Hash = std::array<uint8_t, 32>;
  using Hashes = std::vector<Hash>;

  AccessTokens(std::string path, Hashes hashes)
      : path_(std::move(path)), hashes_(std::make_shared<const Hashes>(std::move(hashes))) {}
  static absl::StatusOr<Hashes> Read(const std::string& path);
  static Hash HashOf(std::string_view token);
  std::shared_ptr<const Hashes> Current() const;

  const std::string path_;
  mutable Mutex mutex_;
  std::shared_ptr<const Hashes> hashes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ACCESS_ACCESS_TOKENS_H_
