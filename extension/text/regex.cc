#include "extension/text/regex.h"

#include "extension/text/utf8.h"

namespace lamina::text {
Regex::Regex(std::string_view pattern) : automaton_(Compile(ParseRegex(pattern))) {}

bool Regex::Matches(std::string_view text) const {
  RegexAutomaton::State state = automaton_.Start(Before::kTextBegin);
  for (size_t i = 0; i < text.size() && state != RegexAutomaton::kDead;) automaton_.Move(state, Decode(text, i));
  return automaton_.EndsAtTextEnd(state);
}

}  // namespace lamina::text
