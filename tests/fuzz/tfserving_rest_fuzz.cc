// A :predict body for a model with several inputs, for one with one number, and for one with one string.
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "server/protocols/tfserving/rest_request.h"
#include "tests/fuzz/check_tensors.h"

namespace lamina::server {
namespace {

std::shared_ptr<const Signature> Takes(std::initializer_list<std::pair<const char*, ElementType>> inputs) {
  auto signature = std::make_shared<Signature>();
  for (const auto& [name, type] : inputs) signature->inputs.push_back({.name = name, .type = type});
  return signature;
}

}  // namespace
}  // namespace lamina::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using lamina::server::ElementType;
  static const auto kModels = {lamina::server::Takes({{"x", ElementType::kF32}}),
                               lamina::server::Takes({{"s", ElementType::kString}}),
                               lamina::server::Takes({{"a", ElementType::kI8},
                                                      {"b", ElementType::kF16},
                                                      {"c", ElementType::kBool},
                                                      {"d", ElementType::kU64},
                                                      {"s", ElementType::kString},
                                                      {"f", ElementType::kF64}})};
  for (const auto& signature : kModels) {
    lamina::server::TfRestRequest request(signature);
    if (request.Read({reinterpret_cast<const char*>(data), size}).ok()) lamina::server::CheckTensors(request.inputs());
  }
  return 0;
}
