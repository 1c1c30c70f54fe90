// What a request is told that needs more memory than there is.
#ifndef LAMINA_SERVER_API_NO_MEMORY_H_
#define LAMINA_SERVER_API_NO_MEMORY_H_

#include <exception>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace lamina::server {

/// `what` is who had none.
inline absl::Status NoMemory(std::string_view what) {
  return absl::ResourceExhaustedError(
      absl::StrCat(std::string(what),
                   ": the server's memory ran out; ask for less at a time or later, or give the "
                   "server more memory"));
}

/// In a destructor: whether it runs because something was thrown. On the way of a request that is std::bad_alloc, or
/// std::length_error for what is longer than memory: all else is a status.
inline bool IsThrownAway() noexcept { return std::uncaught_exceptions() > 0 || std::current_exception() != nullptr; }

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_NO_MEMORY_H_
