#ifndef LAMINA_SERVER_ACCESS_OPEN_PATHS_H_
#define LAMINA_SERVER_ACCESS_OPEN_PATHS_H_

#include <string_view>

namespace lamina::server {

/// Whether a path of gRPC or REST is served without a token: whether the server lives and is ready, which is what
/// orchestrators and load balancers ask, who have none. `path` is as it was sent, without a query.
bool IsOpenPath(std::string_view path);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ACCESS_OPEN_PATHS_H_
