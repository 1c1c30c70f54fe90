// Proves libraries of layers on this machine: loads them and runs what their layers give as examples, without OpenVINO.
#ifndef LAMINA_SDK_TESTKIT_PROVE_H_
#define LAMINA_SDK_TESTKIT_PROVE_H_

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace lamina::testkit {

/// Runs the examples of every layer of the library at a path, once for each instruction set that the library may use
/// here: the one it was compiled for, or, if it chooses at run time, each that this machine has up to
/// CPU_EXTENSION_ISA. Writes what ran, and on what, to `out`, and what is wrong to `errors`; each layer runs in a
/// process of its own, for `patience` at the most. True if every example holds.
bool Prove(const std::string& path, std::FILE* out, std::FILE* errors,
           std::chrono::seconds patience = std::chrono::seconds(30));

/// Prove for each of them; the exit code of a program that does just this.
int ProveAll(const std::vector<std::string>& paths);

}  // namespace lamina::testkit

#endif  // LAMINA_SDK_TESTKIT_PROVE_H_
