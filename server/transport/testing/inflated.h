#ifndef LAMINA_SERVER_TRANSPORT_TESTING_INFLATED_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_INFLATED_H_

#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/transport/inflation.h"

namespace lamina::server {

/// What `bytes` were before they were compressed.
inline absl::StatusOr<Bytes> Inflated(Coding coding, std::string_view bytes, size_t limit) {
  Inflation inflation(coding, {Bytes(bytes), {}}, limit, std::make_shared<MemoryBudget>(limit));
  for (;;) {
    auto plain = inflation.Continue();
    if (!plain.ok()) return plain.status();
    if (*plain) return std::move((*plain)->bytes);
  }
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_INFLATED_H_
