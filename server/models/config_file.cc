#include "server/models/config_file.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/model_list.h"

namespace lamina::server {

ConfigFile::ConfigFile(std::string path, ModelConfig defaults, Clock::duration patience)
    : path_(std::move(path)),
      defaults_(std::move(defaults)),
      patience_(patience),
      text_(ReadConfigFile(path_).value_or("")) {}

absl::StatusOr<std::string> ConfigFile::Text() const {
  absl::StatusOr<std::string> text = ReadConfigFile(path_);
  if (text.ok()) return text;
  return absl::Status(text.status().code(), absl::StrCat(text.status().message(), "; nothing is changed"));
}

absl::StatusOr<ConfigFile::Models> ConfigFile::Read() {
  absl::StatusOr<std::string> text = Text();
  if (text.ok()) return Parse(*std::move(text));
  Tell(text.status(), /*anew=*/false);
  return std::move(text).status();
}

std::optional<ConfigFile::Models> ConfigFile::ReadIfChanged(Clock::time_point now) {
  absl::StatusOr<std::string> text = Text();
  if (text.status() != file_state_) {
    file_state_ = text.status();
    file_state_since_ = now;
  }
  if (!text.ok()) {
    if (now - file_state_since_ >= patience_) Tell(file_state_, /*anew=*/false);
    return std::nullopt;
  }
  if (*text == text_) {
    Tell(text_state_, /*anew=*/false);
    return std::nullopt;
  }
  spdlog::info("{} has changed", path_);
  absl::StatusOr<Models> models = Parse(*std::move(text));
  if (!models.ok()) return std::nullopt;
  return *std::move(models);
}

absl::StatusOr<ConfigFile::Models> ConfigFile::Parse(std::string text) {
  const bool anew = text != text_;
  text_ = std::move(text);
  absl::StatusOr<Models> models = ParseWholeModelList(text_, path_, defaults_);
  text_state_ = models.status();
  Tell(text_state_, anew);
  return models;
}

void ConfigFile::Tell(const absl::Status& state, bool anew) {
  if (state == told_ && !anew) return;
  if (!state.ok()) {
    spdlog::error("{}", std::string(state.message()));
  } else if (!told_.ok()) {
    spdlog::info("{} can be read again", path_);
  }
  told_ = state;
}

}  // namespace lamina::server
