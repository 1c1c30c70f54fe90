#ifndef LAMINA_SERVER_ENGINE_HEAP_TRIM_H_
#define LAMINA_SERVER_ENGINE_HEAP_TRIM_H_

#include "server/threads/timer.h"

namespace lamina::server {

/// Gives free memory back to the system, half a second from now and on the timer's thread: once for all who ask until
/// then. It takes some 20 ms of a heap of 300 MB, which locks arenas of the heap against everybody who allocates.
///
/// The engine does so at the end of every compiled model, of which a version has several. In a program that holds this,
/// its calls of malloc_trim() do nothing, as nobody else's do.
void TrimHeapSoon(Timer& timer);

/// Asks for that when it ends. As a first member it ends after all others.
class TrimsHeapAtEnd {
 public:
  /// `timer` outlives this.
  explicit TrimsHeapAtEnd(Timer& timer) : timer_(timer) {}
  ~TrimsHeapAtEnd() { TrimHeapSoon(timer_); }
  TrimsHeapAtEnd(const TrimsHeapAtEnd&) = delete;
  TrimsHeapAtEnd& operator=(const TrimsHeapAtEnd&) = delete;

 private:
  Timer& timer_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_HEAP_TRIM_H_
