// Upper and lower case of single code points.
#ifndef LAMINA_EXTENSION_TEXT_LETTER_CASE_H_
#define LAMINA_EXTENSION_TEXT_LETTER_CASE_H_

#include <string>
#include <string_view>

namespace lamina::text {

/// Unicode's simple case mappings, as the C library's UTF-8 locale has them; the same on every machine, whatever
/// locales are installed. Safe for all threads. Throws std::runtime_error if the C library has no C.UTF-8.
char32_t ToLower(char32_t c);
char32_t ToUpper(char32_t c);

/// The whole text in lower (or upper) case; bytes that are no UTF-8 become U+FFFD.
std::string Lowered(std::string_view text);
std::string Uppered(std::string_view text);

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_LETTER_CASE_H_
