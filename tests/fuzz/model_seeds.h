// What the fuzzers of the model's side begin with, by name.
#ifndef LAMINA_TESTS_FUZZ_MODEL_SEEDS_H_
#define LAMINA_TESTS_FUZZ_MODEL_SEEDS_H_

#include <map>
#include <string>

namespace lamina {

/// ONNX models, one a kind of rewrite.
std::map<std::string, std::string> PrepareSeeds();

}  // namespace lamina

#endif  // LAMINA_TESTS_FUZZ_MODEL_SEEDS_H_
