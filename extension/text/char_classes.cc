#include "extension/text/char_classes.h"

#include <string>
#include <unordered_map>

namespace lamina::text {

const CharSet& WordChars() {
  static const auto* set = new CharSet{{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}};
  return *set;
}

const CharSet* PerlClass(char32_t letter) {
  static const auto* digits = new CharSet{{U'0', U'9'}};
  static const auto* blanks = new CharSet{{U'\t', U'\n'}, {U'\f', U'\r'}, {U' ', U' '}};
  if (letter == U'd') return digits;
  if (letter == U's') return blanks;
  return letter == U'w' ? &WordChars() : nullptr;
}

const CharSet* PosixClass(std::string_view name) {
  static const auto* classes = new std::unordered_map<std::string_view, CharSet>{
      {"alnum", {{U'0', U'9'}, {U'A', U'Z'}, {U'a', U'z'}}},
      {"alpha", {{U'A', U'Z'}, {U'a', U'z'}}},
      {"ascii", {{0, 0x7F}}},
      {"blank", {{U'\t', U'\t'}, {U' ', U' '}}},
      {"cntrl", {{0, 0x1F}, {0x7F, 0x7F}}},
      {"digit", {{U'0', U'9'}}},
      {"graph", {{U'!', U'~'}}},
      {"lower", {{U'a', U'z'}}},
      {"print", {{U' ', U'~'}}},
      {"punct", {{U'!', U'/'}, {U':', U'@'}, {U'[', U'`'}, {U'{', U'~'}}},
      {"space", {{U'\t', U'\r'}, {U' ', U' '}}},
      {"upper", {{U'A', U'Z'}}},
      {"word", {{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}}},
      {"xdigit", {{U'0', U'9'}, {U'A', U'F'}, {U'a', U'f'}}},
  };
  const auto found = classes->find(name);
  return found == classes->end() ? nullptr : &found->second;
}

}  // namespace lamina::text
