#include "server/transport/grpc_message_reader.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {

absl::StatusOr<std::optional<GrpcMessage>> GrpcMessageReader::Next(std::span<const std::byte>& data) {
  if (prefix_size_ < kPrefixBytes) LAMINA_RETURN_IF_ERROR(ReadPrefix(data));
  if (prefix_size_ < kPrefixBytes) return std::nullopt;
  const size_t count = std::min(data.size(), length_ - body_.size());
  body_.Append(data.first(count));
  data = data.subspan(count);
  if (body_.size() < length_) return std::nullopt;
  prefix_size_ = 0;
  return GrpcMessage{body_.Take(), prefix_[0] != std::byte{0}};
}

absl::Status GrpcMessageReader::ReadPrefix(std::span<const std::byte>& data) {
  const size_t count = std::min(data.size(), kPrefixBytes - prefix_size_);
  std::memcpy(prefix_ + prefix_size_, data.data(), count);
  prefix_size_ += count;
  data = data.subspan(count);
  if (prefix_size_ < kPrefixBytes) return absl::OkStatus();
  const auto byte = [&](size_t i) { return std::to_integer<size_t>(prefix_[i]); };
  length_ = byte(1) << 24 | byte(2) << 16 | byte(3) << 8 | byte(4);
  if (byte(0) > 1) {
    return absl::InternalError(absl::StrCat("the flag of a message is ", byte(0),
                                            "; expected 0, or 1 for a compressed one: this is no gRPC message"));
  }
  if (byte(0) == 1 && coding_ == Coding::kIdentity) {
    return absl::InternalError("a message is flagged as compressed, but grpc-encoding does not say how");
  }
  if (length_ > limit_) {
    return absl::ResourceExhaustedError(absl::StrCat("a message of ", length_, " bytes is larger than the ", limit_,
                                                     " that one may have; send less at a time"));
  }
  body_.Expect(length_);
  return absl::OkStatus();
}

}  // namespace lamina::server
