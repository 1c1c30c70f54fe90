#include "extension/text/regex_cursor.h"

#include <stdexcept>

#include "extension/text/char_classes.h"
#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

bool IsOctal(char32_t c) { return c >= U'0' && c <= U'7'; }

/// What \a, \f, ... stand for; 0 for other letters.
char32_t ControlNamed(char32_t letter) {
  constexpr std::u32string_view kLetters = U"afnrtv", kControls = U"\a\f\n\r\t\v";
  const size_t place = kLetters.find(letter);
  return place == std::u32string_view::npos ? 0 : kControls[place];
}

}  // namespace

RegexCursor::RegexCursor(std::string_view pattern) : pattern_(pattern) {
  for (size_t i = 0; i < pattern.size();) text_.push_back(Decode(pattern, i));
}

void RegexCursor::Fail(const std::string& what) const {
  throw std::invalid_argument("regular expression '" + std::string(pattern_) + "', character " + std::to_string(at_) +
                              ": " + what);
}

bool RegexCursor::Take(char32_t c) {
  if (AtEnd() || text_[at_] != c) return false;
  ++at_;
  return true;
}

char32_t RegexCursor::Next(const char* what) {
  if (AtEnd()) Fail(std::string("ends within ") + what);
  return text_[at_++];
}

char32_t RegexCursor::EscapedChar() {
  const char32_t c = Next("an escape");
  if (c == U'x') return Hexadecimal();
  if (const char32_t control = ControlNamed(c)) return control;
  if (c == U'0' || (IsOctal(c) && IsOctal(Peek()))) return Octal(c - U'0');
  if (c >= U'1' && c <= U'9') Fail("back-references are not supported");
  if (c >= 0x80 || WordChars().Has(c)) {
    std::string letter;
    Append(c, letter);
    Fail("an escape that is not known: \\" + letter);
  }
  return c;
}

/// Up to three digits, of which the first is read.
char32_t RegexCursor::Octal(char32_t value) {
  for (int digits = 1; digits < 3 && IsOctal(Peek()); ++digits) value = value * 8 + (text_[at_++] - U'0');
  return value;
}

/// \x7F or \x{10FFFF}.
char32_t RegexCursor::Hexadecimal() {
  const auto digit = [&](char32_t c) -> char32_t {
    if (c >= U'0' && c <= U'9') return c - U'0';
    if ((c | 32) >= U'a' && (c | 32) <= U'f') return (c | 32) - U'a' + 10;
    Fail("\\x wants hexadecimal digits");
  };
  if (!Take(U'{')) {
    const char32_t high = digit(Next("\\x"));
    return high * 16 + digit(Next("\\x"));
  }
  char32_t value = digit(Next("\\x{"));
  while (!Take(U'}')) {
    value = value * 16 + digit(Next("\\x{"));
    if (value > kLastCodePoint) Fail("\\x{...} is beyond 10FFFF");
  }
  return value;
}

}  // namespace lamina::text
