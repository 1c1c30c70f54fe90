// Regular expressions in RE2's syntax, matched in time that grows with the text alone.
#ifndef LAMINA_EXTENSION_TEXT_REGEX_H_
#define LAMINA_EXTENSION_TEXT_REGEX_H_

#include <optional>
#include <string_view>

#include "extension/text/regex_automaton.h"

namespace lamina::text {

/// Constant once made; all threads may use it at once. Texts are UTF-8; a byte that is none counts as U+FFFD.
class Regex {
 public:
  /// Throws std::invalid_argument that says what is wrong and where.
  explicit Regex(std::string_view pattern);

  /// Whether the whole text matches.
  bool Matches(std::string_view text) const;

  /// The bytes [begin, end) of a match.
  struct Span {
    size_t begin, end;
  };
  /// Of the matches that begin at byte `from` or later the ones that begin first, of those the longest.
  /// REQUIRES: from <= text.size().
  std::optional<Span> Find(std::string_view text, size_t from) const;

 private:
  RegexAutomaton automaton_;
};

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_REGEX_H_
