#ifndef LAMINA_SERVER_METRICS_THREAD_SLOT_H_
#define LAMINA_SERVER_METRICS_THREAD_SLOT_H_

#include <cstddef>

namespace lamina::server {

/// Threads that have a slot of their own at the same time.
inline constexpr size_t kThreadSlots = 32;

/// A number below kThreadSlots that this thread alone has for as long as it lives, or kThreadSlots, which is for all
/// those that came when none was free. What the thread before wrote under the number is seen by the next that has it.
size_t ThreadSlot();

}  // namespace lamina::server

#endif  // LAMINA_SERVER_METRICS_THREAD_SLOT_H_
