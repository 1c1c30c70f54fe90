#include "cli/start_server.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "cli/libraries.h"
#include "server/serve.h"

namespace lamina::cli {

int StartServer(const ServeFlags& flags) {
  ServeFlags::Result result = flags.Resolve([](const char* name) -> const char* { return std::getenv(name); });
  for (const std::string& error : result.errors) std::fprintf(stderr, "error: %s\n", error.c_str());
  if (!result.errors.empty()) return 1;
  IgnoreLayersOfEnvironment();
  result.config.extensions.program_dir = ProgramDir();
  return server::Serve(result.config);
}

}  // namespace lamina::cli
