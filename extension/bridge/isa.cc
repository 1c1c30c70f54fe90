#include "extension/bridge/isa.h"

#include <algorithm>
#include <cstdlib>

#include "extension/bridge/log.h"
#include "sdk/loader/manifest.h"

namespace lamina::bridge {
namespace {

constexpr const char* kWords[] = {"", "sse42", "avx2", "avx512"};

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
  for (int32_t isa = LAMINA_ISA_SSE42; isa <= LAMINA_ISA_AVX512; ++isa) {
    if (word == kWords[isa]) return isa;
  }
  return -1;
}

std::string WordOfIsa(int32_t isa) { return isa >= 0 && isa <= LAMINA_ISA_AVX512 ? kWords[isa] : ""; }

int32_t Isa() {
  static const int32_t isa = CappedIsa();
  return isa;
}

}  // namespace lamina::bridge
