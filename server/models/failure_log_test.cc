#include "server/models/failure_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "server/api/log_text.h"

namespace lamina::server {
namespace {

class FailureLogTest : public ::testing::Test {
 protected:
  const testing::LogText log_;
  const FailureLog::Clock::time_point now_ = FailureLog::Clock::now();
};

TEST_F(FailureLogTest, OneLineASecond) {
  std::optional<FailureLog> log(std::in_place, "model 'm' version 3");
  for (int i = 0; i < 5; ++i) log->Tell(absl::InternalError("no more"), now_ + std::chrono::milliseconds(i));
  EXPECT_EQ(log_.text(), "E model 'm' version 3: a request failed: no more\n");
  log->Tell(absl::UnknownError("again"), now_ + std::chrono::seconds(1));
  log->Tell(absl::UnknownError("again"), now_ + std::chrono::milliseconds(1500));
  log.reset();
  EXPECT_EQ(log_.text(),
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
  EXPECT_EQ(log_.text(), "");
}

}  // namespace
}  // namespace lamina::server
