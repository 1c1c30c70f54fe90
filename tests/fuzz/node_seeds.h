// What the fuzzer of nodes begins with, by name.
#ifndef LAMINA_TESTS_FUZZ_NODE_SEEDS_H_
#define LAMINA_TESTS_FUZZ_NODE_SEEDS_H_

#include <map>
#include <string>

namespace lamina {

/// Nodes, one a kind of attribute, and one with all of them.
std::map<std::string, std::string> NodeSeeds();

}  // namespace lamina

#endif  // LAMINA_TESTS_FUZZ_NODE_SEEDS_H_
