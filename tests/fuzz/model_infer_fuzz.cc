#include <google/protobuf/stubs/logging.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "server/protocols/reference/difference.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);  // it would log each text that is not UTF-8
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto comparison = lamina::server::CompareModelInfer(std::as_bytes(std::span(data, size)));
  if (comparison.difference.empty()) return 0;
  std::fprintf(stderr, "protobuf reads this otherwise: %s\n", comparison.difference.c_str());
  std::abort();
}
