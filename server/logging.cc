#include "server/logging.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

spdlog::level::level_enum ToSpdlog(LogConfig::Level level) {
  switch (level) {
    case LogConfig::Level::kTrace:
      return spdlog::level::trace;
    case LogConfig::Level::kDebug:
      return spdlog::level::debug;
    case LogConfig::Level::kInfo:
      return spdlog::level::info;
    case LogConfig::Level::kWarning:
      return spdlog::level::warn;
    case LogConfig::Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

absl::Status StartLogging(const LogConfig& config) {
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_color_sink_mt>()};
  absl::Status status;
  if (!config.path.empty()) {
    try {
      sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.path));
    } catch (const spdlog::spdlog_ex& error) {
      status = absl::FailedPreconditionError(
          absl::StrCat("cannot write the log file ", config.path, ": ", error.what(), "; the console has everything"));
    }
  }
  auto logger = std::make_shared<spdlog::logger>("lamina", sinks.begin(), sinks.end());
  logger->set_level(ToSpdlog(config.level));
  logger->flush_on(spdlog::level::info);
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%L%$ %v");
  spdlog::set_default_logger(std::move(logger));
  return status;
}

}  // namespace lamina::server
