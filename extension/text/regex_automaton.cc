#include "extension/text/regex_automaton.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "extension/text/char_classes.h"
#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

constexpr size_t kMostStates = 10'000, kMostMoves = 4'000'000;
constexpr uint64_t kMostSteps = 100'000'000;

enum class Behind : uint8_t { kTextEnd, kNewline, kWordChar, kOther };

bool IsPlace(Place place, Before before, Behind behind) {
  const bool is_boundary = (before == Before::kWordChar) != (behind == Behind::kWordChar);
  switch (place) {
    case Place::kTextBegin:
      return before == Before::kTextBegin;
    case Place::kTextEnd:
      return behind == Behind::kTextEnd;
    case Place::kLineBegin:
      return before == Before::kTextBegin || before == Before::kNewline;
    case Place::kLineEnd:
      return behind == Behind::kTextEnd || behind == Behind::kNewline;
    case Place::kWordBoundary:
      return is_boundary;
    default:
      return !is_boundary;
  }
}

/// All instructions that are reached without taking a character.
class Reach {
 public:
  explicit Reach(const RegexProgram& program) : program_(program), seen_(program.instructions.size()) {}

  void From(const std::vector<uint32_t>& begin, Before before, Behind behind) {
    takes_.clear();
    has_match_ = false;
    std::fill(seen_.begin(), seen_.end(), false);
    std::vector<uint32_t> open(begin);
    while (!open.empty()) {
      const uint32_t at = open.back();
      open.pop_back();
      if (seen_[at]) continue;
      seen_[at] = true;
      const Instruction& instruction = program_.instructions[at];
      switch (instruction.kind) {
        case Instruction::Kind::kTake:
          takes_.push_back(at);
          break;
        case Instruction::Kind::kMatch:
          has_match_ = true;
          break;
        case Instruction::Kind::kFork:
          open.insert(open.end(), {instruction.next, instruction.other});
          break;
        case Instruction::Kind::kPlace:
          if (IsPlace(instruction.place, before, behind)) open.push_back(instruction.next);
      }
    }
  }

  bool has_match() const { return has_match_; }
  size_t takes() const { return takes_.size(); }
  /// Where those go on that take the character.
  std::vector<uint32_t> After(char32_t c) const {
    std::set<uint32_t> next;
    for (const uint32_t at : takes_) {
      const Instruction& instruction = program_.instructions[at];
      if (program_.sets[instruction.set].Has(c)) next.insert(instruction.next);
    }
    return {next.begin(), next.end()};
  }

 private:
  const RegexProgram& program_;
  std::vector<bool> seen_;
  std::vector<uint32_t> takes_;
  bool has_match_ = false;
};

Behind BehindOf(char32_t c) {
  return c == U'\n' ? Behind::kNewline : WordChars().Has(c) ? Behind::kWordChar : Behind::kOther;
}

Before BeforeOf(char32_t c) {
  return c == U'\n' ? Before::kNewline : WordChars().Has(c) ? Before::kWordChar : Before::kOther;
}

}  // namespace

RegexAutomaton::RegexAutomaton(const RegexProgram& program) {
  MakeClasses(program);
  StateOf({});  // kDead
  for (size_t before = 0; before < starts_.size(); ++before) {
    starts_[before] = StateOf({{program.start}, program.has_places ? static_cast<Before>(before) : Before::kOther});
  }
  for (State state = 0; state < open_.size(); ++state) MakeMoves(program, state);
  states_.clear();
  open_.clear();
}

/// Characters that no set and no place tells apart are one class.
void RegexAutomaton::MakeClasses(const RegexProgram& program) {
  std::set<char32_t> begins = {0};
  const auto add = [&](const CharSet& set) {
    for (const CharSet::Range& range : set.ranges()) begins.insert({range.first, range.last + 1});
  };
  for (const CharSet& set : program.sets) add(set);
  if (program.has_places) add(WordChars());
  if (program.has_places) add({{U'\n', U'\n'}});
  begins.erase(kLastCodePoint + 1);
  class_begins_.assign(begins.begin(), begins.end());
  classes_ = class_begins_.size();
  for (char32_t c = 0; c < kAscii; ++c) ascii_[c] = static_cast<uint32_t>(ClassOf(c));
}

size_t RegexAutomaton::ClassOf(char32_t c) const {
  return static_cast<size_t>(std::upper_bound(class_begins_.begin(), class_begins_.end(), c) - class_begins_.begin()) -
         1;
}

RegexAutomaton::State RegexAutomaton::StateOf(Places places) {
  if (places.first.empty()) places.second = Before::kTextBegin;  // all the dead are one
  const auto [found, is_new] = states_.try_emplace(std::move(places), static_cast<State>(open_.size()));
  if (is_new) open_.push_back(&found->first);
  if (open_.size() > kMostStates) {
    throw std::invalid_argument(
        "the regular expression needs more than 10000 states; give its repetitions smaller bounds");
  }
  return found->second;
}

void RegexAutomaton::CheckSize(size_t steps) {
  steps_ += steps;
  if (moves_.size() < kMostMoves && steps_ <= kMostSteps) return;
  throw std::invalid_argument(
      "the regular expression needs more than 4 million moves between states, or 100 million steps to find them; give "
      "its repetitions smaller bounds, or its classes fewer ranges");
}

void RegexAutomaton::MakeMoves(const RegexProgram& program, State state) {
  const Places places = *open_[state];
  Reach reach(program);
  std::vector<Behind> reached;  // what `reach` was made for
  reach.From(places.first, places.second, Behind::kTextEnd);
  ends_.push_back(reach.has_match());
  for (size_t i = 0; i < classes_; ++i) {
    const char32_t c = class_begins_[i];
    const Behind behind = program.has_places ? BehindOf(c) : Behind::kOther;
    if (reached.empty() || reached.back() != behind) {
      reach.From(places.first, places.second, behind);
      CheckSize(program.instructions.size());
    }
    reached.push_back(behind);
    CheckSize(reach.takes() + 1);
    const State next = StateOf({reach.After(c), program.has_places ? BeforeOf(c) : Before::kOther});
    moves_.push_back(next << 1 | (reach.has_match() ? 1 : 0));
  }
}

}  // namespace lamina::text
