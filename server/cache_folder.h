#ifndef LAMINA_SERVER_CACHE_FOLDER_H_
#define LAMINA_SERVER_CACHE_FOLDER_H_

#include <string>

#include "absl/status/status.h"

namespace lamina::server {

/// Makes the folder for compiled models, unless it is there, and a file in it, which is removed again. An error says
/// why that is impossible: the engine would refuse every model for it.
absl::Status PrepareCacheFolder(const std::string& folder);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CACHE_FOLDER_H_
