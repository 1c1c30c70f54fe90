#ifndef LAMINA_SERVER_TRANSPORT_IN_DESTRUCTOR_H_
#define LAMINA_SERVER_TRANSPORT_IN_DESTRUCTOR_H_

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace lamina::server {

/// For destructors that answer, or have something done by an event loop: where there is no memory for it, it is given
/// up, as a destructor that throws ends the process. A request without an answer ends with its client's patience.
template <typename Call>
void InDestructor(Call&& call) noexcept {
  try {
    std::forward<Call>(call)();
  } catch (const std::exception& error) {
    spdlog::error("a request stays without an answer: {}", error.what());
  }
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_IN_DESTRUCTOR_H_
