#include "extension/bridge/log.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "extension/bridge/bridge.h"
#include "lamina/abi.h"

namespace lamina::bridge {
namespace {

std::atomic<LaminaBridgeLog> log_function = nullptr;

constexpr const char* kLevels[] = {"debug", "info", "warning", "error"};

int32_t LeastLevel() {
  const char* word = std::getenv("LAMINA_LOG");
  if (!word || !*word) return LAMINA_LOG_WARNING;
  for (int32_t level = LAMINA_LOG_DEBUG; level <= LAMINA_LOG_ERROR; ++level) {
    if (std::string_view(word) == kLevels[level]) return level;
  }
  std::fprintf(stderr, "lamina warning: LAMINA_LOG: '%s' is none of debug, info, warning, error; going on with warning\n",
               word);
  return LAMINA_LOG_WARNING;
}

}  // namespace

bool Logs(int32_t level) {
  static const int32_t least = LeastLevel();
  return level >= least || log_function.load(std::memory_order_relaxed);
}

void Log(int32_t level, std::string_view subject, std::string_view message) {
  if (!Logs(level)) return;
  std::string line(subject);
  line.append(": ").append(message);
  if (const auto function = log_function.load(std::memory_order_relaxed)) {
    function(level, line.data(), line.size());
  } else {
    const char* name = level >= LAMINA_LOG_DEBUG && level <= LAMINA_LOG_ERROR ? kLevels[level] : "log";
    std::fprintf(stderr, "lamina %s: %.*s\n", name, int(line.size()), line.data());
  }
}

}  // namespace lamina::bridge

void lamina_bridge_set_log(LaminaBridgeLog function) { lamina::bridge::log_function = function; }
