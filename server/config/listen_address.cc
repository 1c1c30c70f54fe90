#include "server/config/listen_address.h"

#include <sys/un.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/config/text_list.h"

namespace lamina::server {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

absl::Status Refuse(std::string_view entry, const std::string& reason) {
  return absl::InvalidArgumentError(absl::StrCat("'", std::string(entry), "' ", reason));
}

absl::StatusOr<ListenAddress> ParseUnix(std::string_view entry) {
  std::string_view path = entry.substr(kUnix.size());
  if (path.starts_with("///")) path.remove_prefix(2);  // gRPC's way to write an absolute path
  if (path.empty() || path.ends_with('/')) {
    return Refuse(entry, "names no file; write unix:PATH, such as unix:/run/lamina/lamina.sock");
  }
  if (path.size() > kLongestPath) {
    return Refuse(entry, absl::StrCat("has a path of ", path.size(), " bytes; a unix socket's has at most ",
                                      kLongestPath, ": give a shorter one"));
  }
  return ListenAddress{.kind = ListenAddress::Kind::kUnix, .text = std::string(path)};
}

absl::StatusOr<ListenAddress> ParseTcp(std::string_view entry) {
  std::string_view address = entry;
  const bool brackets = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (brackets) address = address.substr(1, address.size() - 2);
  const size_t colon = address.find(':');
  const bool one_colon = colon != std::string_view::npos && address.find(':', colon + 1) == std::string_view::npos;
  if (entry.find("]:") != std::string_view::npos || (one_colon && !brackets)) {
    return Refuse(entry, "has a port; give the address alone, the port is that of --port or --rest_port");
  }
  if (address.find_first_of("[]/") != std::string_view::npos) {
    return Refuse(entry, "is no address; write 127.0.0.1, ::1, a name of this machine, or unix:PATH");
  }
  return ListenAddress{.text = std::string(address)};
}

}  // namespace

absl::StatusOr<std::vector<ListenAddress>> ParseListenAddresses(std::string_view list) {
  std::vector<ListenAddress> addresses;
  for (const std::string& entry : SplitList(list)) {
    LAMINA_ASSIGN_OR_RETURN(ListenAddress address, entry.starts_with(kUnix) ? ParseUnix(entry) : ParseTcp(entry));
    if (std::ranges::find(addresses, address) != addresses.end()) return Refuse(entry, "is named twice; name it once");
    addresses.push_back(std::move(address));
  }
  if (addresses.empty()) {
    return absl::InvalidArgumentError("no address is given; write one or more with commas between them, or :: for all");
  }
  return addresses;
}

}  // namespace lamina::server
