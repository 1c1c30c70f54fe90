#include "server/models/failure_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <optional>
#include <sstream>

namespace lamina::server {
namespace {

class FailureLogTest : public ::testing::Test {
 protected:
  FailureLogTest() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines_));
    logger->set_pattern("%L %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~FailureLogTest() override { spdlog::set_default_logger(before_); }

  std::ostringstream lines_;
  const std::shared_ptr<spdlog::logger> before_;
  const FailureLog::Clock::time_point now_ = FailureLog::Clock::now();
};

TEST_F(FailureLogTest, OneLineASecond) {
  std::optional<FailureLog> log(std::in_place, "model 'm' version 3");
  for (int i = 0; i < 5; ++i) log->Tell(absl::InternalError("no more"), now_ + std::chrono::milliseconds(i));
  EXPECT_EQ(lines_.str(), "E model 'm' version 3: a request failed: no more\n");
  log->Tell(absl::UnknownError("again"), now_ + std::chrono::seconds(1));
  log->Tell(absl::UnknownError("again"), now_ + std::chrono::milliseconds(1500));
  log.reset();
  EXPECT_EQ(lines_.str(),
            "E model 'm' version 3: a request failed: no more\n"
            "E model 'm' version 3: a request failed: again (4 more failed since the last that was told)\n"
            "E model 'm' version 3: 1 more failed after the last that was told\n");
}

TEST_F(FailureLogTest, WhatIsTheRequestsFaultIsNotTold) {
  FailureLog log("m");
  for (const absl::Status& status :
       {absl::InvalidArgumentError("x"), absl::CancelledError("x"), absl::DeadlineExceededError("x"),
        absl::ResourceExhaustedError("x"), absl::UnavailableError("x"), absl::NotFoundError("x"), absl::OkStatus()})
    log.Tell(status, now_);
  EXPECT_EQ(lines_.str(), "");
}

}  // namespace
}  // namespace lamina::server
