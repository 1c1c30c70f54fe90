#ifndef LAMINA_SERVER_ENGINE_TRY_EXTENSION_H_
#define LAMINA_SERVER_ENGINE_TRY_EXTENSION_H_

#include <string>

#include "absl/status/status.h"
#include "server/extensions/extension_library.h"

namespace lamina::server {

/// Loads a library into an engine in a child process, so that one that throws, crashes or hangs harms nobody. An error
/// says which library, what it did and what to do. CANCELLED once the descriptor `stop` can be read, which is left to
/// others; -1: never. REQUIRES: the calling thread is the only one: the child is forked, and would wait for ever for
/// another thread's locks.
absl::Status TryExtension(const ExtensionLibrary& library, const std::string& bridge, int stop = -1);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_TRY_EXTENSION_H_
