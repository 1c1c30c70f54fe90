#ifndef LAMINA_SERVER_MODELS_SERVABLE_NOT_FOUND_H_
#define LAMINA_SERVER_MODELS_SERVABLE_NOT_FOUND_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace lamina::server {

/// What is said of a model or version that is not there. The text is TensorFlow Serving's, which clients know.
inline std::string ServableNotFound(std::string_view model, int64_t version) {
  return absl::StrCat("Servable not found for request: Specific(", std::string(model), ", ", version, ")");
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_SERVABLE_NOT_FOUND_H_
