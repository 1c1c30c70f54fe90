#ifndef LAMINA_SDK_TESTKIT_PROVE_LAYER_H_
#define LAMINA_SDK_TESTKIT_PROVE_LAYER_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "sdk/loader/manifest.h"

namespace lamina::testkit {

/// Runs the examples of a library's layer with each of the instruction sets, in a child process that loads the library
/// anew, so that a layer that crashes or hangs harms no other. What is wrong, a sentence each: the first example that
/// fails with an instruction set, or the one that ended the process, or did not end in time, which is the last to be
/// run. What the layer prints is printed. REQUIRES: as loader::RunInChild.
std::vector<std::string> ProveLayer(const std::string& path, const loader::LayerInfo& layer,
                                    const std::vector<int32_t>& isas, std::chrono::seconds patience);

}  // namespace lamina::testkit

#endif  // LAMINA_SDK_TESTKIT_PROVE_LAYER_H_
