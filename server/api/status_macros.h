#ifndef LAMINA_SERVER_API_STATUS_MACROS_H_
#define LAMINA_SERVER_API_STATUS_MACROS_H_

#include <utility>

#include "absl/status/statusor.h"

/// Returns the error of an absl::Status from the enclosing function.
#define LAMINA_RETURN_IF_ERROR(expression)                                         \
  if (absl::Status lamina_status = (expression); !lamina_status.ok()) [[unlikely]] \
  return lamina_status

/// Declares or assigns `target` from an absl::StatusOr, or returns its error from the enclosing function.
#define LAMINA_ASSIGN_OR_RETURN(target, expression) \
  LAMINA_ASSIGN_OR_RETURN_NAMED(LAMINA_JOIN(lamina_value_, __LINE__), target, expression)
#define LAMINA_ASSIGN_OR_RETURN_NAMED(value, target, expression) \
  auto value = (expression);                                     \
  if (!value.ok()) [[unlikely]]                                  \
    return std::move(value).status();                            \
  target = *std::move(value)
#define LAMINA_JOIN(a, b) LAMINA_JOIN_EXPANDED(a, b)
#define LAMINA_JOIN_EXPANDED(a, b) a##b

#endif  // LAMINA_SERVER_API_STATUS_MACROS_H_
