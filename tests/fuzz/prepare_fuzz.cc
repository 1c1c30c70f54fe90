// An ONNX model that is prepared: a model or a status. What was prepared can be prepared again.
#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "prepare/prepare.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lamina::prepare;
  static const Options kOptions = {{{"ai.onnx.ml", "LabelEncoder"},
                                    {"ai.onnx.ml", "TreeEnsembleClassifier"},
                                    {"lamina", "Cast"},
                                    {"lamina", "Concat"},
                                    {"lamina", "Div"},
                                    {"lamina", "Equal"},
                                    {"lamina", "Identity"},
                                    {"local", "Layer"}}};
  const auto prepared = Prepare({reinterpret_cast<const char*>(data), size}, kOptions);
  if (!prepared.ok() || prepared->report.changes.empty()) return 0;
  const auto again = Prepare(prepared->model, kOptions);
  if (again.ok()) return 0;
  std::fprintf(stderr, "cannot be prepared again: %s\n", std::string(again.status().message()).c_str());
  std::abort();
}
