#ifndef LAMINA_SERVER_API_LOG_TEXT_H_
#define LAMINA_SERVER_API_LOG_TEXT_H_

#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_join.h"

namespace lamina::server::testing {

/// What is logged while it lives, which has to be longer than that of all that logs. For tests.
class LogText {
 public:
  LogText() {
    auto logger =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(/*lines=*/1000));
    logger->set_pattern("%L %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~LogText() { spdlog::set_default_logger(before_); }
  LogText(const LogText&) = delete;
  LogText& operator=(const LogText&) = delete;

  /// "E what is wrong", a line each.
  std::string text() const {
    auto& ring = static_cast<spdlog::sinks::ringbuffer_sink_mt&>(*spdlog::default_logger()->sinks().front());
    return absl::StrJoin(ring.last_formatted(), "");
  }
  bool Has(const std::string& part) const { return text().find(part) != std::string::npos; }

 private:
  const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_API_LOG_TEXT_H_
