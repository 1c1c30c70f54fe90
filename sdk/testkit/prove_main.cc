// lamina_prove LIBRARY...: `lamina prove` as a program of its own, for machines that have the SDK and no server.
#include <cstdio>
#include <string_view>

#include "sdk/testkit/prove.h"

int main(int argc, char** argv) {
  const bool help = argc == 2 && (std::string_view(argv[1]) == "--help" || std::string_view(argv[1]) == "-h");
  if (argc < 2 || help) {
    std::fprintf(help ? stdout : stderr,
                 "usage: lamina_prove LIBRARY...\nRuns the examples of libraries of layers on this machine.\n");
    return help ? 0 : 2;
  }
  return lamina::testkit::ProveAll({argv + 1, argv + argc});
}
