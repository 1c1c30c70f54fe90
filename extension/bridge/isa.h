// The instruction set that layers may use.
#ifndef LAMINA_EXTENSION_BRIDGE_ISA_H_
#define LAMINA_EXTENSION_BRIDGE_ISA_H_

#include <cstdint>
#include <string>

#include "lamina/abi.h"

namespace lamina::bridge {

/// The LAMINA_ISA_... of a word as in CPU_EXTENSION_ISA, "sse42", "avx2" or "avx512"; -1 if it is none of them.
int32_t IsaOfWord(const std::string& word);

/// The word for a LAMINA_ISA_..., "" for the base.
std::string WordOfIsa(int32_t isa);

/// The machine's best LAMINA_ISA_..., or less if the environment's CPU_EXTENSION_ISA says so; read once. A word that is
/// not known is told on the log and caps nothing.
int32_t Isa();

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_ISA_H_
