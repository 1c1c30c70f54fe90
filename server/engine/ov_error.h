#ifndef LAMINA_SERVER_ENGINE_OV_ERROR_H_
#define LAMINA_SERVER_ENGINE_OV_ERROR_H_

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

namespace lamina::server {

/// What an OpenVINO exception says, on one line and without the names and lines of its source files.
std::string PlainMessage(std::string_view what);

/// The exception that is being handled, as an error: cancelled, a request that the model's shapes refuse
/// (INVALID_ARGUMENT), memory that ran out (RESOURCE_EXHAUSTED, without a message if there is none even for that), or
/// `otherwise`. `context` opens the message. REQUIRES: called from a catch block.
absl::Status CurrentException(std::string_view context, absl::StatusCode otherwise) noexcept;

/// Whether such an error is what a layer refuses of the values that it was given.
bool IsOfLayer(const absl::Status& error);

/// Runs `call`, which may throw, and gives back its error.
template <typename Call>
absl::Status CatchOv(std::string_view context, absl::StatusCode otherwise, Call&& call) {
  try {
    std::forward<Call>(call)();
    return absl::OkStatus();
  } catch (...) {
    return CurrentException(context, otherwise);
  }
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_OV_ERROR_H_
