#include "server/shared_memory/bus_guard.h"

#include <signal.h>
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>

namespace lamina::server {
namespace {

/// What the handler reads: no locks.
struct Guarded {
  std::atomic<bool> taken = false;
  std::atomic<uintptr_t> begin = 0;  // 0: not to be looked at
  std::atomic<size_t> size = 0;
  std::atomic<bool> torn = false;
};

std::array<Guarded, kMostGuarded> guarded;
struct sigaction former;

bool PutZeros(uintptr_t address) {
  for (Guarded& range : guarded) {
    const uintptr_t begin = range.begin.load(std::memory_order_acquire);
    const size_t size = range.size.load(std::memory_order_relaxed);
    if (begin == 0 || address < begin || address - begin >= size) continue;
    range.torn.store(true, std::memory_order_relaxed);
    return mmap(reinterpret_cast<void*>(begin), size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                -1, 0) != MAP_FAILED;
  }
  return false;
}

void OnSigbus(int number, siginfo_t* info, void* context) {
  const int error = errno;
  const bool ours = PutZeros(reinterpret_cast<uintptr_t>(info->si_addr));
  errno = error;
  if (ours) return;
  if ((former.sa_flags & SA_SIGINFO) != 0) return former.sa_sigaction(number, info, context);
  if (former.sa_handler != SIG_DFL && former.sa_handler != SIG_IGN) return former.sa_handler(number);
  // The access is tried again when this returns, and then ends the process as it would have.
  signal(SIGBUS, SIG_DFL);
}

void Install() {
  static const bool installed = [] {
    struct sigaction action{};
    action.sa_sigaction = OnSigbus;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGBUS, &action, &former) == 0;
  }();
  (void)installed;
}

}  // namespace

std::optional<size_t> GuardAgainstSigbus(std::span<std::byte> pages) {
  Install();
  for (size_t i = 0; i < guarded.size(); ++i) {
    bool taken = false;
    if (!guarded[i].taken.compare_exchange_strong(taken, true, std::memory_order_acq_rel)) continue;
    guarded[i].torn.store(false, std::memory_order_relaxed);
    guarded[i].size.store(pages.size(), std::memory_order_relaxed);
    guarded[i].begin.store(reinterpret_cast<uintptr_t>(pages.data()), std::memory_order_release);
    return i;
  }
  return std::nullopt;
}

bool WasTorn(size_t guard) { return guarded[guard].torn.load(std::memory_order_relaxed); }

void EndGuard(size_t guard) {
  guarded[guard].begin.store(0, std::memory_order_release);
  guarded[guard].taken.store(false, std::memory_order_release);
}

}  // namespace lamina::server
