#include "extension/text/letter_case.h"

#include <locale.h>
#include <wctype.h>

#include <stdexcept>

#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

locale_t Unicode() {
  static const locale_t locale = [] {
    const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (!made) throw std::runtime_error("the C library has no locale C.UTF-8, which letter case needs");
    return made;
  }();
  return locale;
}

template <class Map>
std::string Mapped(std::string_view text, Map map) {
  std::string mapped;
  mapped.reserve(text.size());
  for (size_t i = 0; i < text.size();) Append(map(Decode(text, i)), mapped);
  return mapped;
}

}  // namespace

char32_t ToLower(char32_t c) {
  if (c < 0x80) return c >= U'A' && c <= U'Z' ? c + 32 : c;
  return static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), Unicode()));
}

char32_t ToUpper(char32_t c) {
  if (c < 0x80) return c >= U'a' && c <= U'z' ? c - 32 : c;
  return static_cast<char32_t>(towupper_l(static_cast<wint_t>(c), Unicode()));
}

std::string Lowered(std::string_view text) { return Mapped(text, &ToLower); }
std::string Uppered(std::string_view text) { return Mapped(text, &ToUpper); }

}  // namespace lamina::text
