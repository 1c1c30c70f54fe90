// The tree of a regular expression.
#ifndef LAMINA_EXTENSION_TEXT_REGEX_SYNTAX_H_
#define LAMINA_EXTENSION_TEXT_REGEX_SYNTAX_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "extension/text/char_set.h"

namespace lamina::text {

/// A place between two characters.
enum class Place : uint8_t { kTextBegin, kTextEnd, kLineBegin, kLineEnd, kWordBoundary, kNoWordBoundary };

struct RegexNode {
  enum class Kind : uint8_t { kSet, kPlace, kSequence, kChoice, kRepeat };

  Kind kind = Kind::kSequence;  // without children: the empty text
  CharSet set;
  Place place = Place::kTextBegin;
  int least = 0, most = 0;  // kRepeat: how often its child; most -1: without end
  std::vector<RegexNode> children;
};

/// Reads RE2's syntax: https://github.com/google/re2/wiki/Syntax without Unicode classes (\p) and \C. Greedy and lazy
/// repetition are the same here, and groups are not told apart. Throws std::invalid_argument that says what is wrong
/// and where.
RegexNode ParseRegex(std::string_view pattern);

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_REGEX_SYNTAX_H_
