#include "server/logging.h"

#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/threads/mutex.h"

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

using Writer = spdlog::details::thread_pool;

/// Hands on to `sinks`, and says there how many lines were dropped before the one that comes. The writer's alone.
class GapSink final : public spdlog::sinks::dist_sink<spdlog::details::null_mutex> {
 public:
  GapSink(std::vector<spdlog::sink_ptr> sinks, Writer& writer) : dist_sink(std::move(sinks)), writer_(writer) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    const size_t dropped = writer_.overrun_counter();
    if (dropped != told_) {
      const std::string text =
          absl::StrCat(dropped - told_, " lines of the log were dropped here: they came faster than they were read");
      told_ = dropped;
      dist_sink::sink_it_({line.logger_name, spdlog::level::warn, text});
    }
    dist_sink::sink_it_(line);
  }

 private:
  Writer& writer_;
  size_t told_ = 0;
};

/// Its end is EndLogging's, and not that of a static's destructor, which would wait for whoever reads the log.
struct Background {
  std::shared_ptr<spdlog::logger> logger;  // whoever still has its address may use it
  Mutex mutex;
  std::shared_ptr<Writer> writer ABSL_GUARDED_BY(mutex);
};

Background& TheBackground() {
  static auto* const background = new Background;
  return *background;
}

constexpr char kPattern[] = "%Y-%m-%d %H:%M:%S.%e %^%L%$ %v";

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
  logger->set_pattern(kPattern);
  spdlog::set_default_logger(std::move(logger));
  return status;
}

void LogInBackground() {
  const std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  Background& background = TheBackground();
  auto writer = std::make_shared<Writer>(kMostWaitingLines, 1);
  background.logger =
      std::make_shared<spdlog::async_logger>(before->name(), std::make_shared<GapSink>(before->sinks(), *writer),
                                             writer, spdlog::async_overflow_policy::overrun_oldest);
  background.logger->set_level(before->level());
  background.logger->flush_on(before->flush_level());
  background.logger->set_pattern(kPattern);
  spdlog::set_default_logger(background.logger);
  MutexLock lock(background.mutex);
  background.writer = std::move(writer);
}

bool EndLogging(std::chrono::milliseconds patience) {
  Background& background = TheBackground();
  if (!background.logger) return true;
  background.logger->set_level(spdlog::level::off);
  std::shared_ptr<Writer> writer;
  {
    MutexLock lock(background.mutex);
    writer = std::exchange(background.writer, nullptr);
  }
  if (!writer) return true;
  std::promise<void> written;
  const std::future<void> end = written.get_future();
  std::thread([writer = std::move(writer), written = std::move(written)]() mutable {
    writer.reset();  // writes what waits
    written.set_value();
  }).detach();
  return end.wait_for(patience) == std::future_status::ready;
}

}  // namespace lamina::server
