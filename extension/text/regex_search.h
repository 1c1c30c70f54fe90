// Finds the matches of a regular expression in one text, one after the other.
#ifndef LAMINA_EXTENSION_TEXT_REGEX_SEARCH_H_
#define LAMINA_EXTENSION_TEXT_REGEX_SEARCH_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extension/text/regex.h"

namespace lamina::text {

/// For one thread. The expression and the text must outlive it.
///
/// A match is looked for at one place of the text after the other, and what was found out on the way is kept: a way
/// that comes to a place in a state in which another one was there before ends as that one did. So the time grows with
/// the text, not with its square; an expression of many states may take as many times that long, up to a limit.
class RegexSearch {
 public:
  RegexSearch(const Regex& regex, std::string_view text) : automaton_(regex.automaton()), text_(text) {}

  /// The bytes [begin, end) of a match.
  struct Span {
    size_t begin, end;
  };
  /// Of the matches that begin at byte `from` or later the ones that begin first, of those the longest. Throws
  /// std::runtime_error if all calls together take more than 1,000 steps for each byte and more than a million.
  /// REQUIRES: from <= text.size().
  std::optional<Span> Find(size_t from);

 private:
  static constexpr size_t kNoEnd = SIZE_MAX;

  /// A state at a byte of the text.
  struct Known {
    uint64_t key;
    size_t at;
  };
  size_t LongestFrom(size_t begin);
  void Keep(size_t end);

  const RegexAutomaton& automaton_;
  std::string_view text_;
  std::unordered_map<uint64_t, size_t> ends_;  // by Known::key: where the last match from there on ends, or kNoEnd
  std::vector<Known> passed_;                  // on the way from the last begin
  size_t steps_ = 0;
};

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_REGEX_SEARCH_H_
