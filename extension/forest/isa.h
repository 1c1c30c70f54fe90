// Which instruction set the kernels run on.
#ifndef LAMINA_EXTENSION_FOREST_ISA_H_
#define LAMINA_EXTENSION_FOREST_ISA_H_

#include <string>
#include <vector>

namespace lamina::forest {

/// The target that runs now, in Highway's names: "AVX3_DL" (AVX-512 of Ice Lake on), "AVX3" (AVX-512), "AVX2", "SSE4".
std::string Target();

/// The targets that were compiled in and that this CPU has, best first.
std::vector<std::string> Targets();

/// The best target allowed from now on, for the whole process: "avx512", "avx2", "sse42", one of Highway's names, or ""
/// for no limit. False, and nothing changes, if the name is unknown or the CPU has no such target. Not to be called
/// while a Predict runs.
bool CapTarget(const std::string& name);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_ISA_H_
