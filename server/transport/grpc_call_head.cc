#include "server/transport/grpc_call_head.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/protocols/grpc/grpc_wire.h"

namespace lamina::server {
namespace {

/// Whether a list such as "identity, gzip" has a name.
bool Lists(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (item == name) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<GrpcCallHead> ReadGrpcCallHead(Http2Stream& stream) {
  const HeaderList& headers = stream.headers();
  GrpcCallHead head{.stream = stream.shared_from_this()};
  if (const std::string_view timeout = headers.Get("grpc-timeout"); !timeout.empty()) {
    const auto parsed = ParseGrpcTimeout(timeout);
    if (!parsed) {
      return absl::InvalidArgumentError(absl::StrCat("grpc-timeout: '", std::string(timeout),
                                                     "' is none; expected up to 8 digits and one of H M S m u n"));
    }
    head.deadline = std::chrono::steady_clock::now() + *parsed;
  }
  const std::string_view encoding = headers.Get("grpc-encoding");
  const std::optional<Coding> coding = ParseCoding(encoding);
  if (!coding) {
    return absl::UnimplementedError(
        absl::StrCat("grpc-encoding: '", std::string(encoding), "' is not supported; use identity, gzip or deflate"));
  }
  head.request_coding = *coding;
  // Who compresses and understands it is answered alike.
  if (Lists(headers.Get("grpc-accept-encoding"), CodingName(*coding))) head.response_coding = *coding;
  return head;
}

}  // namespace lamina::server
