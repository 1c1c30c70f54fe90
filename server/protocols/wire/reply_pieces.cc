#include "server/protocols/wire/reply_pieces.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace lamina::server {

absl::Status ReplyPieces::Prepare(std::string_view output, size_t head, size_t tensor, size_t end) {
  const size_t others = size_ + head + end;
  if (others > kMaxSize || tensor > kMaxSize - others) {
    return absl::ResourceExhaustedError(absl::StrCat("output '", std::string(output), "' of ", tensor,
                                                     " bytes does not fit a reply, which holds at most ", kMaxSize,
                                                     " bytes; ask for fewer outputs or with a smaller batch"));
  }
  MakeRoom(head + end + (tensor <= kMergedUpTo ? tensor : 0));
  return absl::OkStatus();
}

}  // namespace lamina::server
