#ifndef LAMINA_SERVER_EXTENSIONS_SHARED_OPERATORS_H_
#define LAMINA_SERVER_EXTENSIONS_SHARED_OPERATORS_H_

#include <string>
#include <vector>

#include "sdk/loader/manifest.h"

namespace lamina::server {

/// The operators that layers of both libraries take in one of a framework's versions, in alphabetical order:
/// "my.domain.Soft". What a native extension takes is not to be seen from outside.
std::vector<std::string> SharedOperators(const loader::Manifest& one, const loader::Manifest& other);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_EXTENSIONS_SHARED_OPERATORS_H_
