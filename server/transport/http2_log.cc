#include "server/transport/http2_log.h"

#include <nghttp2/nghttp2.h>

#include "absl/strings/str_cat.h"

namespace lamina::server {

std::string WhyGoaway(uint32_t error, const TransportLimits& limits) {
  const std::string sent = absl::StrCat("is sent GOAWAY, ", nghttp2_http2_strerror(error));
  switch (error) {
    case NGHTTP2_ENHANCE_YOUR_CALM:
      return absl::StrCat(sent, ": it sends more than ", limits.max_control_frames_per_s,
                          " PING, SETTINGS, PRIORITY or empty DATA frames a second");
    case NGHTTP2_INTERNAL_ERROR:  // nghttp2 says no more of its limit for resets
      return absl::StrCat(sent, ": it takes back more requests than ", limits.stream_resets_burst, " at once and ",
                          limits.stream_resets_per_s, " a second");
    default:
      return absl::StrCat(sent, ": it does not keep to HTTP/2");
  }
}

std::string WhyCutOff(int error) { return absl::StrCat("is cut off: ", nghttp2_strerror(error)); }

}  // namespace lamina::server
