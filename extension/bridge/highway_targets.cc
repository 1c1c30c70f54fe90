// What Highway's kernels ask for at run time: the CPU's targets and the chosen one. Highway's own library answers it,
// too, but a user's machine may not have that, and it knows nothing of CPU_EXTENSION_ISA.
#include <cpuid.h>
#include <hwy/targets.h>

#include "extension/bridge/isa.h"

namespace hwy {
namespace {

/// Not __builtin_cpu_supports: clang 14 does not know the word.
bool HasVaes() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_VAES) != 0;
}

int64_t Detect() {
  const int32_t isa = lamina::bridge::Isa();
  int64_t targets = 0;
  if (isa >= LAMINA_ISA_SSE42) targets |= HWY_SSE4 | HWY_SSSE3;
  if (isa >= LAMINA_ISA_AVX2) targets |= HWY_AVX2;
  if (isa >= LAMINA_ISA_AVX512) targets |= HWY_AVX3;
  const bool vbmi = __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
                    __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bitalg") &&
                    __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("vpclmulqdq") &&
                    __builtin_cpu_supports("gfni") && HasVaes();
  if (isa >= LAMINA_ISA_AVX512 && vbmi) targets |= HWY_AVX3_DL;
  return targets != 0 ? targets : HWY_STATIC_TARGET;
}

}  // namespace

int64_t SupportedTargets() {
  static const int64_t targets = Detect();
  return targets;
}

ChosenTarget& GetChosenTarget() {
  static ChosenTarget chosen;
  return chosen;
}

}  // namespace hwy
