// The log of the bridge and of the layers.
#ifndef LAMINA_EXTENSION_BRIDGE_LOG_H_
#define LAMINA_EXTENSION_BRIDGE_LOG_H_

#include <cstdint>
#include <string_view>

namespace lamina::bridge {

/// Writes a line to the function that a program set, or else to the standard error stream: warnings and errors only,
/// unless the environment's LAMINA_LOG is "debug" or "info" ("error": no warnings). `subject` is what it is about.
/// May be called from any thread.
void Log(int32_t level, std::string_view subject, std::string_view message);

/// True if lines of this level go anywhere.
bool Logs(int32_t level);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_LOG_H_
