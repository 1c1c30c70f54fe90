#ifndef LAMINA_SERVER_EXTENSIONS_DEFAULT_PLACES_H_
#define LAMINA_SERVER_EXTENSIONS_DEFAULT_PLACES_H_

#include <functional>
#include <optional>
#include <string>

namespace lamina::server {

/// Tells whether there is a file; std::filesystem::exists, or a table in a test.
using FileExists = std::function<bool(const std::string& path)>;

/// The extension library that is used when none is named: the first that exists of the places where images and the
/// engine's old installations had one.
std::optional<std::string> FindDefaultLibrary(const FileExists& exists);

/// Our own library, beside the server: ../lib/libcpu_extension.so from the program's folder.
std::string BuiltInLibrary(const std::string& program_dir);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_EXTENSIONS_DEFAULT_PLACES_H_
