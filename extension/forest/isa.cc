#include "extension/forest/isa.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <atomic>
#include <string_view>

#include "extension/forest/kernels.h"

namespace lamina::forest {
namespace {

#if defined(__x86_64__)
/// Not __builtin_cpu_supports: clang 14 does not know the word.
bool HasF16c() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
}

bool CpuHas(std::string_view target) {
  __builtin_cpu_init();
  if (target == "SSE4") return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && HasF16c();
  if (target == "AVX2") return avx2;
  const bool avx3 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  if (target == "AVX3") return avx3;
  return target == "AVX3_DL" && avx3 && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
         __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bitalg") &&
         __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("vpclmulqdq") &&
         __builtin_cpu_supports("gfni");
}
#else
bool CpuHas(std::string_view) { return false; }
#endif

/// Kernels for this CPU, best first.
const std::vector<const Kernels*>& Usable() {
  static const std::vector<const Kernels*> usable = [] {
    std::vector<const Kernels*> out;
    for (const Kernels* kernels : CompiledKernels())
      if (CpuHas(kernels->target)) out.push_back(kernels);
    return out;
  }();
  return usable;
}

std::atomic<const Kernels*>& Chosen() {
  static std::atomic<const Kernels*> chosen = Usable().empty() ? nullptr : Usable().front();
  return chosen;
}

/// Whether a target is within the cap that the user knows by this name.
bool Within(std::string_view target, std::string_view cap) {
  if (cap.empty() || cap == "avx512") return true;
  if (cap == "avx2") return target == "AVX2" || target == "SSE4";
  if (cap == "sse42") return target == "SSE4";
  return target == cap;
}

}  // namespace

const Kernels* ChosenKernels() { return Chosen().load(std::memory_order_relaxed); }

std::string Target() {
  const Kernels* kernels = ChosenKernels();
  return kernels ? kernels->target : "scalar";
}

std::vector<std::string> Targets() {
  std::vector<std::string> out;
  for (const Kernels* kernels : Usable()) out.emplace_back(kernels->target);
  return out;
}

bool CapTarget(const std::string& name) {
  for (const Kernels* kernels : Usable()) {
    if (!Within(kernels->target, name)) continue;
    Chosen().store(kernels, std::memory_order_relaxed);
    return true;
  }
  return false;
}

}  // namespace lamina::forest
