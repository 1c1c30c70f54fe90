#ifndef LAMINA_BENCH_SERVING_FILES_H_
#define LAMINA_BENCH_SERVING_FILES_H_

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace lamina::bench {

/// Reads one serialised message; ends the program if it is not there.
template <typename Message>
Message ReadMessage(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Message message;
  if (!message.ParseFromIstream(&file)) {
    std::fprintf(stderr, "error: %s: no %s\n", path.c_str(), message.GetTypeName().c_str());
    std::exit(1);
  }
  return message;
}

}  // namespace lamina::bench

#endif  // LAMINA_BENCH_SERVING_FILES_H_
