// A regular expression as instructions for a machine that is in many places at once.
#ifndef LAMINA_EXTENSION_TEXT_REGEX_PROGRAM_H_
#define LAMINA_EXTENSION_TEXT_REGEX_PROGRAM_H_

#include <cstdint>
#include <vector>

#include "extension/text/regex_syntax.h"

namespace lamina::text {

struct Instruction {
  enum class Kind : uint8_t {
    kTake,   // a character of sets[set], then go to `next`
    kFork,   // go to `next` and to `other`
    kPlace,  // go to `next` if this is such a place
    kMatch,
  };

  Kind kind = Kind::kMatch;
  Place place = Place::kTextBegin;
  uint32_t set = 0;
  uint32_t next = 0, other = 0;
};

/// Begins at instruction `start`.
struct RegexProgram {
  std::vector<Instruction> instructions;
  std::vector<CharSet> sets;
  uint32_t start = 0;
  bool has_places = false;
};

/// Throws std::invalid_argument if the program would be longer than 100,000 instructions.
RegexProgram Compile(const RegexNode& tree);

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_REGEX_PROGRAM_H_
