// The deterministic automaton of a regular expression.
#ifndef LAMINA_EXTENSION_TEXT_REGEX_AUTOMATON_H_
#define LAMINA_EXTENSION_TEXT_REGEX_AUTOMATON_H_

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "extension/text/regex_program.h"

namespace lamina::text {

/// What stands before a place in the text.
enum class Before : uint8_t { kTextBegin, kNewline, kWordChar, kOther };

/// Moves from state to state with each character. Whether a match ends at a place may hang on the character behind it,
/// so moving away from the place tells. Constant once made. Throws std::invalid_argument for an expression that needs
/// more than 10,000 states or 4 million moves, or 100 million steps to find them (RE2 would run out of memory for it,
/// or fall back to a slower way).
class RegexAutomaton {
 public:
  using State = uint32_t;
  /// The state from which nothing can match any more.
  static constexpr State kDead = 0;

  explicit RegexAutomaton(const RegexProgram& program);

  size_t states() const { return ends_.size(); }
  State Start(Before before) const { return starts_[static_cast<size_t>(before)]; }
  /// Moves over a character; true if a match ended before it.
  bool Move(State& state, char32_t c) const {
    const uint32_t move = moves_[state * classes_ + (c < kAscii ? ascii_[c] : ClassOf(c))];
    state = move >> 1;
    return move & 1;
  }
  /// Whether a match ends here, where the text does.
  bool EndsAtTextEnd(State state) const { return ends_[state]; }

 private:
  static constexpr char32_t kAscii = 128;
  /// The instructions to go on from, in order, and what stands before them.
  using Places = std::pair<std::vector<uint32_t>, Before>;

  void MakeClasses(const RegexProgram& program);
  size_t ClassOf(char32_t c) const;
  State StateOf(Places places);
  void MakeMoves(const RegexProgram& program, State state);
  void CheckSize(size_t steps);

  std::vector<char32_t> class_begins_;  // class i is from class_begins_[i] to before the next
  std::array<uint32_t, kAscii> ascii_ = {};
  size_t classes_ = 0;
  std::vector<uint32_t> moves_;  // [state][class]: the next state, and in the lowest bit whether a match ended
  std::vector<bool> ends_;
  std::array<State, 4> starts_ = {};

  std::map<Places, State> states_;  // while it is made
  uint64_t steps_ = 0;
  std::vector<const Places*> open_;
};

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_REGEX_AUTOMATON_H_
