// An infer request with binary tensors: the value of Inference-Header-Content-Length, a line's end, the body.
#include <cstdint>
#include <string_view>

#include "server/protocols/kserve/rest_request.h"
#include "tests/fuzz/check_tensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  static const lamina::server::SharedMemory kNoRegions;
  lamina::server::KserveRestRequest request;
  if (request.Read(input.substr(end + 1), input.substr(0, end), kNoRegions).ok())
    lamina::server::CheckTensors(request.inputs());
  return 0;
}
