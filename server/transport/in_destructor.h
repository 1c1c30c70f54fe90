#ifndef LAMINA_SERVER_TRANSPORT_IN_DESTRUCTOR_H_
#define LAMINA_SERVER_TRANSPORT_IN_DESTRUCTOR_H_

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace lamina::server {

/// For destructors that answer, or have something done by an event loop: where there is no memory for it, it is given
/// up, as a destructor that throws ends the process. False: so it is.
template <typename Call>
bool InDestructor(Call&& call) noexcept {
  try {
    std::forward<Call>(call)();
    return true;
  } catch (const std::exception& error) {
    spdlog::error("a request stays without an answer: {}", error.what());
    return false;
  }
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_IN_DESTRUCTOR_H_
