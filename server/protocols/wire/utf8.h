#ifndef LAMINA_SERVER_PROTOCOLS_WIRE_UTF8_H_
#define LAMINA_SERVER_PROTOCOLS_WIRE_UTF8_H_

#include <cstddef>
#include <span>

namespace lamina::server {

/// Whether `text` is UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::span<const std::byte> text);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_WIRE_UTF8_H_
