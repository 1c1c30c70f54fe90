// The classes of characters that Unicode makes: \p{...} in regular expressions.
#ifndef LAMINA_EXTENSION_TEXT_UNICODE_CLASSES_H_
#define LAMINA_EXTENSION_TEXT_UNICODE_CLASSES_H_

#include <optional>
#include <string_view>

#include "extension/text/char_set.h"

namespace lamina::text {

/// The characters of a general category ("Lu"), of all that begin with a letter ("L"), or "Any"; nothing for any other
/// name. As RE2 has it, what is not assigned is in none: there is no "Cn", and "C" is without.
std::optional<CharSet> UnicodeClass(std::string_view name);

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_UNICODE_CLASSES_H_
