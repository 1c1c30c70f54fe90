#ifndef LAMINA_SERVER_TRANSPORT_TESTING_RUN_LOOP_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_RUN_LOOP_H_

#include <poll.h>

#include "server/transport/event_loop.h"

namespace lamina::server {

/// Runs `loop` on this thread until somebody stops it.
inline void RunLoop(EventLoop& loop) {
  while (!loop.ended()) {
    pollfd ready{.fd = loop.descriptor(), .events = POLLIN, .revents = 0};
    poll(&ready, 1, loop.MillisecondsToNext(EventLoop::Clock::now()));
    loop.Read();
    loop.Finish();
  }
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_RUN_LOOP_H_
