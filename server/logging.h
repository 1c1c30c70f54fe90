#ifndef LAMINA_SERVER_LOGGING_H_
#define LAMINA_SERVER_LOGGING_H_

#include <chrono>
#include <cstddef>

#include "absl/status/status.h"
#include "server/config/server_config.h"

namespace lamina::server {

/// Lines that may wait to be written. Of more, the oldest are dropped, and the log says how many.
inline constexpr size_t kMostWaitingLines = 4096;

/// Makes spdlog's default logger write to the console (standard error) and to the configured file, on the thread that
/// logs. Called before any thread runs. An error says why the file cannot be written; the console works all the same.
absl::Status StartLogging(const LogConfig& config);

/// From now on a thread of its own writes the log, so that no other waits for who reads it. Called once, after
/// StartLogging, when the process forks no more and no other thread logs yet.
void LogInBackground();

/// Writes what waits, and logs nothing from then on. False if that took longer than `patience`: then a thread still
/// writes, for which static destructors might wait, so that the process is to be ended with _exit.
bool EndLogging(std::chrono::milliseconds patience);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_LOGGING_H_
