#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_MUTATE_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_MUTATE_H_

#include <random>
#include <string>

namespace lamina::server {

/// `message` with one to three changes: bytes changed, put in, taken out or repeated, a part of `other` put in, the end
/// cut off. The same seed makes the same changes.
std::string Mutate(std::string message, const std::string& other, std::mt19937& random);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_MUTATE_H_
