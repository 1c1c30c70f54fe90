// lamina_prove LIBRARY...: `lamina prove` as a program of its own, for machines that have the SDK and no server.
#include <cstdio>

#include "sdk/testkit/prove.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: lamina_prove LIBRARY...\nRuns the examples of libraries of layers on this machine.\n");
    return 2;
  }
  return lamina::testkit::ProveAll({argv + 1, argv + argc});
}
