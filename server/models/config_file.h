#ifndef LAMINA_SERVER_MODELS_CONFIG_FILE_H_
#define LAMINA_SERVER_MODELS_CONFIG_FILE_H_

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/config/model_config.h"

namespace lamina::server {

/// config.json, which is read again while the server runs. The log has what is wrong with it, once, and that it can be
/// read again. For one thread.
class ConfigFile {
 public:
  using Clock = std::chrono::steady_clock;
  using Models = std::map<std::string, ModelConfig>;

  /// What the file says now is known already. A file that cannot be read is told of when it has been so for `patience`:
  /// one that is away or empty for a moment is being replaced.
  ConfigFile(std::string path, ModelConfig defaults, Clock::duration patience);

  /// The models of the file as it is.
  absl::StatusOr<Models> Read();

  /// The models of a text that is another than the last one that was read, if it has no problem.
  std::optional<Models> ReadIfChanged(Clock::time_point now = Clock::now());

 private:
  absl::StatusOr<std::string> Text() const;
  absl::StatusOr<Models> Parse(std::string text);
  /// What the log was told last is told again only `anew`, of another text.
  void Tell(const absl::Status& state, bool anew);

  const std::string path_;
  const ModelConfig defaults_;
  const Clock::duration patience_;
  /// That was read last, and what is wrong with it.
  std::string text_;
  absl::Status text_state_;
  /// Why the file cannot be read, as it was last looked at; OK: it can.
  absl::Status file_state_;
  Clock::time_point file_state_since_;
  absl::Status told_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_CONFIG_FILE_H_
