#ifndef LAMINA_SERVER_ENGINE_ONE_THREAD_H_
#define LAMINA_SERVER_ENGINE_ONE_THREAD_H_

#include <tbb/task_arena.h>

#include <utility>

namespace lamina::server {

/// Calls `function` so that what the engine and layers do in parallel inside stays on this thread. Throws what it
/// throws.
template <typename Function>
void OnOneThread(Function&& function) {
  thread_local tbb::task_arena arena(1);
  arena.execute(std::forward<Function>(function));
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_ONE_THREAD_H_
