#ifndef LAMINA_SERVER_CONFIG_NEAR_NAME_H_
#define LAMINA_SERVER_CONFIG_NEAR_NAME_H_

#include <span>
#include <string>
#include <string_view>

namespace lamina::server {

/// For a name that is not known: the known one that was probably meant, or nothing when none is near.
std::string_view NearName(std::string_view name, std::span<const std::string_view> known);

/// What to say about it: "did you mean 'nireq'?", or "known are: a, b, c".
std::string NearNameHint(std::string_view name, std::span<const std::string_view> known);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_NEAR_NAME_H_
