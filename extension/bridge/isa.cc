#include "extension/bridge/isa.h"

#include <algorithm>
#include <cstdlib>

#include "extension/bridge/log.h"
#include "sdk/loader/manifest.h"

namespace lamina::bridge {
namespace {

int32_t CappedIsa() {
  const int32_t machine = loader::MachineIsa();
  const char* word = std::getenv("CPU_EXTENSION_ISA");
  if (!word || !*word) return machine;
  const int32_t cap = IsaOfWord(word);
  if (cap < 0) {
    Log(LAMINA_LOG_WARNING, "CPU_EXTENSION_ISA",
        "'" + std::string(word) + "' is none of sse42, avx2, avx512; going on with all that this CPU has (" +
            loader::IsaName(machine) + ")");
    return machine;
  }
  return std::min(cap, machine);
}

}  // namespace

int32_t IsaOfWord(const std::string& word) {
  if (word == "sse42") return LAMINA_ISA_SSE42;
  if (word == "avx2") return LAMINA_ISA_AVX2;
  if (word == "avx512") return LAMINA_ISA_AVX512;
  return -1;
}

int32_t Isa() {
  static const int32_t isa = CappedIsa();
  return isa;
}

}  // namespace lamina::bridge
