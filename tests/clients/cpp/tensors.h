#ifndef LAMINA_TESTS_CLIENTS_CPP_TENSORS_H_
#define LAMINA_TESTS_CLIENTS_CPP_TENSORS_H_

#include <string>
#include <string_view>
#include <vector>

#include "proto/kserve/inference.pb.h"

namespace lamina::clients {

inline constexpr int kRow = 4, kAnswer = 3;

/// Different ones for each seed.
std::vector<float> Values(size_t count, size_t seed);

/// The model tiny: y = relu(x W), W[i][j] = (3 i + j - 4) / 10.
std::vector<float> TinyReference(const std::vector<float>& x);

std::vector<float> Floats(const std::string& raw);
std::string RawBytes(const std::vector<float>& x);

inference::ModelInferRequest Request(std::string_view model, const std::vector<float>& x);

/// Runs for a good second if nobody stops it.
inference::ModelInferRequest SlowRequest();

// These throw std::runtime_error, with what was got and what was expected.
void Expect(bool is_so, const std::string& otherwise);
void ExpectClose(const std::vector<float>& got, const std::vector<float>& expected);
void ExpectTiny(const inference::ModelInferResponse& response, const std::vector<float>& x);

}  // namespace lamina::clients

#endif  // LAMINA_TESTS_CLIENTS_CPP_TENSORS_H_
