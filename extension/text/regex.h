// Regular expressions in RE2's syntax, matched without ever going back in the text.
#ifndef LAMINA_EXTENSION_TEXT_REGEX_H_
#define LAMINA_EXTENSION_TEXT_REGEX_H_

#include <string_view>

#include "extension/text/regex_automaton.h"

namespace lamina::text {

/// Constant once made; all threads may use it at once. Texts are UTF-8; a byte that is none counts as U+FFFD.
class Regex {
 public:
  /// Throws std::invalid_argument that says what is wrong and where.
  explicit Regex(std::string_view pattern);

  /// Whether the whole text matches, in one step for each character.
  bool Matches(std::string_view text) const;

  /// For RegexSearch, which finds matches within a text.
  const RegexAutomaton& automaton() const { return automaton_; }

 private:
  RegexAutomaton automaton_;
};

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_REGEX_H_
