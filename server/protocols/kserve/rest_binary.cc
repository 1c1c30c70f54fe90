#include "server/protocols/kserve/rest_binary.h"

#include <charconv>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace lamina::server {

absl::StatusOr<RestBody> SplitRestBody(std::string_view body, std::string_view json_size) {
  if (json_size.empty()) return RestBody{body, {}};
  size_t size = 0;
  const char* const end = json_size.data() + json_size.size();
  const auto [read, error] = std::from_chars(json_size.data(), end, size);
  if (error != std::errc() || read != end || size > body.size()) {
    return absl::InvalidArgumentError(absl::StrCat("the header Inference-Header-Content-Length is '",
                                                   std::string(json_size), "'; expected a number from 0 to ",
                                                   body.size(), ", the size of the body"));
  }
  return RestBody{body.substr(0, size), body.substr(size)};
}

}  // namespace lamina::server
