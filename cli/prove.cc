#include "sdk/testkit/prove.h"

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/libraries.h"

namespace lamina::cli {

void AddProve(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("prove", "Load extension libraries and run their layers' examples on this CPU");
  auto paths = std::make_shared<std::vector<std::string>>();
  command.add_option("library", *paths, "libraries (default: our own)");
  command.footer(
      "Example:\n  lamina prove ./libmy_layers.so\n"
      "CPU_EXTENSION_ISA=sse42 (avx2, avx512) caps what libraries that choose at run time are offered.\n"
      "The examples of each layer run in a process of their own, for 30 s at the most.");
  command.callback([paths, &exit_code] {
    if (paths->empty()) paths->push_back(OwnLibrary());
    exit_code = testkit::ProveAll(*paths);
  });
}

}  // namespace lamina::cli
