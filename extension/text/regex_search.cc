#include "extension/text/regex_search.h"

#include <stdexcept>
#include <string>

#include "extension/text/char_classes.h"
#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

constexpr size_t kWindow = 64;  // bytes; what a way ends in is kept for one place in each
constexpr size_t kMostSteps = 1000, kFreeSteps = 1'000'000;
constexpr size_t kBytesOfKept = 8, kFreeKept = 1024;  // so many places are kept: one for so many bytes, and so many

/// What stands before byte i; the characters that matter are ASCII.
Before BeforeByte(std::string_view text, size_t i) {
  if (i == 0) return Before::kTextBegin;
  const auto byte = static_cast<unsigned char>(text[i - 1]);
  return byte == '\n' ? Before::kNewline : WordChars().Has(byte) ? Before::kWordChar : Before::kOther;
}

}  // namespace

std::optional<RegexSearch::Span> RegexSearch::Find(size_t from) {
  for (size_t begin = from;;) {
    const size_t end = LongestFrom(begin);
    if (end != kNoEnd) return Span{begin, end};
    if (begin == text_.size()) return std::nullopt;
    Decode(text_, begin);
  }
}

size_t RegexSearch::LongestFrom(size_t begin) {
  RegexAutomaton::State state = automaton_.Start(BeforeByte(text_, begin));
  size_t end = kNoEnd, at = begin, window = begin / kWindow;
  passed_.clear();
  while (at < text_.size() && state != RegexAutomaton::kDead) {
    if (at / kWindow != window) {
      window = at / kWindow;
      const uint64_t key = uint64_t{at} * automaton_.states() + state;
      if (const auto known = ends_.find(key); known != ends_.end()) {
        if (known->second != kNoEnd) end = known->second;
        Keep(end);
        return end;
      }
      passed_.push_back({key, at});
    }
    const size_t here = at;
    if (automaton_.Move(state, Decode(text_, at))) end = here;
    ++steps_;
  }
  if (at == text_.size() && automaton_.EndsAtTextEnd(state)) end = at;
  Keep(end);
  return end;
}

void RegexSearch::Keep(size_t end) {
  if (ends_.size() + passed_.size() <= text_.size() / kBytesOfKept + kFreeKept) {
    for (const Known& place : passed_) ends_.emplace(place.key, end != kNoEnd && end >= place.at ? end : kNoEnd);
  }
  if (steps_ / kMostSteps <= text_.size() || steps_ <= kFreeSteps) return;
  throw std::runtime_error("finding a regular expression in a text of " + std::to_string(text_.size()) +
                           " bytes takes more than " + std::to_string(kMostSteps) +
                           " steps for each; give its repetitions smaller bounds, or cut the text");
}

}  // namespace lamina::text
