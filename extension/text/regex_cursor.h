// Reads the characters of a regular expression one by one, and its escapes.
#ifndef LAMINA_EXTENSION_TEXT_REGEX_CURSOR_H_
#define LAMINA_EXTENSION_TEXT_REGEX_CURSOR_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace lamina::text {

class RegexCursor {
 public:
  /// The pattern must outlive it.
  explicit RegexCursor(std::string_view pattern);

  /// Throws std::invalid_argument with the pattern, the place and what is wrong there.
  [[noreturn]] void Fail(const std::string& what) const;

  bool AtEnd() const { return at_ == text_.size(); }
  size_t place() const { return at_; }
  void GoTo(size_t place) { at_ = place; }
  void Skip(size_t characters = 1) { at_ += characters; }
  /// The character ahead; 0 beyond the end.
  char32_t Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
  /// Moves over the character if it is the next one.
  bool Take(char32_t c);
  /// Moves over the next character; fails at the end, which is then within `what`.
  char32_t Next(const char* what);
  /// The character that an escape stands for, from behind its backslash on.
  char32_t EscapedChar();

 private:
  char32_t Octal(char32_t value);
  char32_t Hexadecimal();

  std::string_view pattern_;
  std::u32string text_;
  size_t at_ = 0;
};

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_REGEX_CURSOR_H_
