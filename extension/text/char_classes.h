// The named classes of characters in regular expressions, all of them ASCII.
#ifndef LAMINA_EXTENSION_TEXT_CHAR_CLASSES_H_
#define LAMINA_EXTENSION_TEXT_CHAR_CLASSES_H_

#include <string_view>

#include "extension/text/char_set.h"

namespace lamina::text {

/// Letters, digits and _: what \w takes and \b looks at.
const CharSet& WordChars();

/// d, s or w; null for any other letter.
const CharSet* PerlClass(char32_t letter);

/// "alnum", "alpha", ...; null for any other name.
const CharSet* PosixClass(std::string_view name);

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_CHAR_CLASSES_H_
