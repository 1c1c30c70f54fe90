#ifndef LAMINA_SERVER_ENGINE_KEPT_SIGNAL_STACK_H_
#define LAMINA_SERVER_ENGINE_KEPT_SIGNAL_STACK_H_

#include <signal.h>

namespace lamina::server {

/// Leaves this thread with the stack for signal handlers that it had. The engine's CPU plugin (2026.4) sets one for the
/// thread that loads it, and unmaps it on whatever thread unloads it: the first one would keep an address that is
/// somebody else's by then. ASan unmaps that when the thread ends, and a handler would write to it.
class KeptSignalStack {
 public:
  KeptSignalStack() { sigaltstack(nullptr, &kept_); }
  ~KeptSignalStack() { sigaltstack(&kept_, nullptr); }
  KeptSignalStack(const KeptSignalStack&) = delete;
  KeptSignalStack& operator=(const KeptSignalStack&) = delete;

 private:
  stack_t kept_{};
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_KEPT_SIGNAL_STACK_H_
