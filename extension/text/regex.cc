#include "extension/text/regex.h"

#include "extension/text/char_classes.h"
#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

/// What stands before byte i; the characters that matter are ASCII.
Before BeforeByte(std::string_view text, size_t i) {
  if (i == 0) return Before::kTextBegin;
  const auto byte = static_cast<unsigned char>(text[i - 1]);
  return byte == '\n' ? Before::kNewline : WordChars().Has(byte) ? Before::kWordChar : Before::kOther;
}

}  // namespace

Regex::Regex(std::string_view pattern) : automaton_(Compile(ParseRegex(pattern))) {}

bool Regex::Matches(std::string_view text) const {
  RegexAutomaton::State state = automaton_.Start(Before::kTextBegin);
  for (size_t i = 0; i < text.size() && state != RegexAutomaton::kDead;) automaton_.Move(state, Decode(text, i));
  return automaton_.EndsAtTextEnd(state);
}

std::optional<Regex::Span> Regex::Find(std::string_view text, size_t from) const {
  for (size_t begin = from;;) {
    RegexAutomaton::State state = automaton_.Start(BeforeByte(text, begin));
    std::optional<size_t> end;
    size_t at = begin, second = begin;
    while (at < text.size() && state != RegexAutomaton::kDead) {
      const size_t here = at;
      if (automaton_.Move(state, Decode(text, at))) end = here;
      if (here == begin) second = at;
    }
    if (automaton_.EndsAtTextEnd(state)) end = text.size();
    if (end) return Span{begin, *end};
    if (begin == text.size()) return std::nullopt;
    begin = second;
  }
}

}  // namespace lamina::text
