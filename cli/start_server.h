#ifndef LAMINA_CLI_START_SERVER_H_
#define LAMINA_CLI_START_SERVER_H_

#include "cli/serve_flags.h"

namespace lamina::cli {

/// Puts the configuration together and serves until the process is told to stop; returns its exit code. Errors of the
/// configuration go to the standard error, all of them.
int StartServer(const ServeFlags& flags);

}  // namespace lamina::cli

#endif  // LAMINA_CLI_START_SERVER_H_
