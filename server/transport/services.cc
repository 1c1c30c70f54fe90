#include "server/transport/services.h"

#include "absl/strings/str_cat.h"

namespace lamina::server {

absl::Status Services::RoomForAnswer(size_t unsent_then) const {
  if (unsent_then <= limits.small_unsent_bytes || !unsent->spent()) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("this answer is too large now: clients of the server have ",
                                                   unsent->used(), " bytes of answers to read, of ", unsent->limit(),
                                                   " that may be kept for them; ask again later"));
}

}  // namespace lamina::server
