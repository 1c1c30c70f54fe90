#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_WIRE_CASES_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_WIRE_CASES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace lamina::server {

/// A message to be read, for what it tries.
struct WireCase {
  std::string name;
  std::string bytes;
};

/// What is tricky in any message: `plain` is a good one; `text`, the number of a field of text in it.
std::vector<WireCase> CommonCases(const std::string& plain, uint32_t text);

/// Of ModelInferRequest.
std::vector<WireCase> ModelInferCases();

/// Of PredictRequest.
std::vector<WireCase> PredictCases();

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_WIRE_CASES_H_
