#include "server/logging.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

namespace lamina::server {
namespace {

using std::chrono::milliseconds;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// A console in the place of standard error: a pipe, which holds one page.
class Console {
 public:
  Console() : before_(dup(STDERR_FILENO)) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0 || dup2(ends[1], STDERR_FILENO) < 0) abort();
    close(ends[1]);
    fcntl(STDERR_FILENO, F_SETPIPE_SZ, 4096);
    read_ = ends[0];
  }
  ~Console() {
    dup2(before_, STDERR_FILENO);
    close(before_);
    close(read_);
  }

  /// All that comes until `last` has.
  std::string ReadUntil(const std::string& last) {
    char buffer[4096];
    while (text_.find(last) == std::string::npos) {
      const ssize_t size = read(read_, buffer, sizeof buffer);
      if (size <= 0) break;
      text_.append(buffer, size);
    }
    return text_;
  }

 private:
  const int before_;
  int read_;
  std::string text_;
};

TEST(LoggingTest, WhatIsLoggedBeforeTheEndIsWritten) {
  Console console;
  ASSERT_TRUE(StartLogging({}).ok());
  spdlog::info("before");
  LogInBackground();
  for (int i = 0; i < 20; ++i) spdlog::info("line {}", i);
  spdlog::critical("the last one");
  EXPECT_TRUE(EndLogging(std::chrono::seconds(20)));
  spdlog::info("too late");
  const std::string text = console.ReadUntil("the last one");
  EXPECT_THAT(text, ContainsRegex("^[-0-9]+ [0-9:.]+ I before\n"));
  EXPECT_THAT(text, HasSubstr(" I line 0\n"));
  EXPECT_THAT(text, HasSubstr(" I line 19\n"));
  EXPECT_THAT(text, Not(HasSubstr("dropped")));
}

TEST(LoggingTest, NobodyWaitsForWhoeverReadsTheLog) {
  Console console;
  ASSERT_TRUE(StartLogging({}).ok());
  LogInBackground();
  constexpr size_t kLines = 3 * kMostWaitingLines;
  for (size_t i = 0; i < kLines; ++i) spdlog::info("line {}", i);
  EXPECT_FALSE(EndLogging(milliseconds(50)));
  const auto line = [](size_t number) { return " I line " + std::to_string(number) + "\n"; };
  const std::string text = console.ReadUntil(line(kLines - 1));
  const auto has = [&](const std::string& part) { return text.find(part) != std::string::npos; };  // it is long
  EXPECT_FALSE(has(line(kLines / 2)));
  EXPECT_TRUE(has(" lines of the log were dropped here: they came faster than they were read\n"));
  EXPECT_TRUE(has(line(kLines - kMostWaitingLines / 2))) << "the newest stay";
}

}  // namespace
}  // namespace lamina::server
