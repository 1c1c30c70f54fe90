#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_VERSION_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_VERSION_H_

#include <string_view>

#include "server/api/infer_request.h"

namespace lamina::server {

/// The version that a KServe request names: a number, a label, or nothing for the default one.
VersionSelector ParseKserveVersion(std::string_view version);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_VERSION_H_
