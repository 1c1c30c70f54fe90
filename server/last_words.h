#ifndef LAMINA_SERVER_LAST_WORDS_H_
#define LAMINA_SERVER_LAST_WORDS_H_

#include <memory>
#include <string>
#include <vector>

#include "server/extensions/extension_library.h"

namespace lamina::server {

/// From here on, a fault that ends the process (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) leaves a line on the console
/// and in `log_path`, if there is one, that says in which of `libraries` it was, or else in which other one. Nothing is
/// changed of how the process ends. A signal that somebody handles already is left to them. Called once.
void LeaveLastWords(const std::vector<std::shared_ptr<const ExtensionLibrary>>& libraries, const std::string& log_path);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_LAST_WORDS_H_
