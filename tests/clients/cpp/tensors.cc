#include "tests/clients/cpp/tensors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace lamina::clients {

std::vector<float> Values(size_t count, size_t seed) {
  std::vector<float> x(count);
  for (size_t i = 0; i < count; ++i) x[i] = static_cast<float>((i * 7 + seed * 13) % 101) / 10 - 5;
  return x;
}

std::vector<float> TinyReference(const std::vector<float>& x) {
  std::vector<float> y;
  y.reserve(x.size() / kRow * kAnswer);
  for (size_t row = 0; row < x.size(); row += kRow) {
    for (int j = 0; j < kAnswer; ++j) {
      float sum = 0;
      for (int i = 0; i < kRow; ++i)
        sum += x[row + static_cast<size_t>(i)] * static_cast<float>(kAnswer * i + j - 4) / 10;
      y.push_back(std::max(sum, 0.0f));
    }
  }
  return y;
}

std::vector<float> Floats(const std::string& raw) {
  std::vector<float> x(raw.size() / sizeof(float));
  if (!x.empty()) std::memcpy(x.data(), raw.data(), x.size() * sizeof(float));
  return x;
}

std::string RawBytes(const std::vector<float>& x) {
  return {reinterpret_cast<const char*>(x.data()), x.size() * sizeof(float)};
}

inference::ModelInferRequest Request(std::string_view model, const std::vector<float>& x) {
  inference::ModelInferRequest request;
  request.set_model_name(std::string(model));
  auto& input = *request.add_inputs();
  input.set_name("x");
  input.set_datatype("FP32");
  input.add_shape(static_cast<int64_t>(x.size()) / kRow);
  input.add_shape(kRow);
  request.add_raw_input_contents(RawBytes(x));
  return request;
}

inference::ModelInferRequest SlowRequest() {
  constexpr size_t kSize = 1400;
  inference::ModelInferRequest request = Request("slow", std::vector<float>(kSize * kSize));
  request.mutable_inputs(0)->clear_shape();
  for (int i = 0; i < 2; ++i) request.mutable_inputs(0)->add_shape(kSize);
  return request;
}

void Expect(bool is_so, const std::string& otherwise) {
  if (!is_so) throw std::runtime_error(otherwise);
}

void ExpectClose(const std::vector<float>& got, const std::vector<float>& expected) {
  Expect(got.size() == expected.size(),
         "got " + std::to_string(got.size()) + " values, expected " + std::to_string(expected.size()));
  for (size_t i = 0; i < got.size(); ++i) {
    Expect(std::abs(got[i] - expected[i]) <= 1e-5f, "value " + std::to_string(i) + " is " + std::to_string(got[i]) +
                                                        ", expected " + std::to_string(expected[i]));
  }
}

void ExpectTiny(const inference::ModelInferResponse& response, const std::vector<float>& x) {
  Expect(response.outputs_size() == 1 && response.outputs(0).name() == "y" && response.raw_output_contents_size() == 1,
         "expected the output y, got " + response.ShortDebugString().substr(0, 200));
  const auto& shape = response.outputs(0).shape();
  Expect(shape.size() == 2 && shape[0] == static_cast<int64_t>(x.size()) / kRow && shape[1] == kAnswer,
         "got the shape of " + response.outputs(0).ShortDebugString());
  ExpectClose(Floats(response.raw_output_contents(0)), TinyReference(x));
}

}  // namespace lamina::clients
