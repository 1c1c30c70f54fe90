#include "extension/text/regex_syntax.h"

#include <optional>
#include <stdexcept>
#include <string>

#include "extension/text/char_classes.h"
#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

constexpr int kMostRepeats = 1000, kMostNesting = 1000;

class Parser {
 public:
  explicit Parser(std::string_view pattern) : pattern_(pattern) {
    for (size_t i = 0; i < pattern.size();) text_.push_back(Decode(pattern, i));
  }

  RegexNode Parse() {
    RegexNode node = Choice(0);
    if (!AtEnd()) Fail("a ) that no ( opened");
    return node;
  }

 private:
  struct Flags {
    bool ignore_case = false, dot_takes_newline = false, by_line = false;
  };

  [[noreturn]] void Fail(const std::string& what) const {
    throw std::invalid_argument("regular expression '" + std::string(pattern_) + "', character " + std::to_string(at_) + ": " + what);
  }
  bool AtEnd() const { return at_ == text_.size(); }
  char32_t Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
  bool Take(char32_t c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  char32_t Next(const char* what) {
    if (AtEnd()) Fail(std::string("ends within ") + what);
    return text_[at_++];
  }

  static RegexNode Set(CharSet set) {
    RegexNode node;
    node.kind = RegexNode::Kind::kSet;
    node.set = std::move(set);
    return node;
  }
  static RegexNode At(Place place) {
    RegexNode node;
    node.kind = RegexNode::Kind::kPlace;
    node.place = place;
    return node;
  }
  RegexNode Folded(CharSet set) const { return Set(flags_.ignore_case ? set.WithBothCases() : std::move(set)); }
  RegexNode Literal(char32_t c) const { return Folded({{c, c}}); }

  RegexNode Choice(int nesting) {
    if (nesting > kMostNesting) Fail("nested too deeply");
    const Flags outer = flags_;
    RegexNode choice;
    choice.kind = RegexNode::Kind::kChoice;
    do {
      choice.children.push_back(Sequence(nesting));
    } while (Take(U'|'));
    flags_ = outer;
    if (choice.children.size() == 1) return std::move(choice.children[0]);
    return choice;
  }

  RegexNode Sequence(int nesting) {
    RegexNode sequence;
    while (!AtEnd() && Peek() != U'|' && Peek() != U')') {
      if (TakeLiteralText(sequence)) continue;
      std::optional<RegexNode> atom = Atom(nesting);
      if (!atom) continue;  // flags alone
      sequence.children.push_back(Repeated(*std::move(atom)));
    }
    return sequence;
  }

  /// \Q...\E; what repeats its last character is read here, too.
  bool TakeLiteralText(RegexNode& sequence) {
    if (Peek() != U'\\' || Peek(1) != U'Q') return false;
    at_ += 2;
    while (!AtEnd() && !(Peek() == U'\\' && Peek(1) == U'E')) sequence.children.push_back(Literal(text_[at_++]));
    if (AtEnd()) return true;
    at_ += 2;
    if (sequence.children.empty()) return true;
    RegexNode last = std::move(sequence.children.back());
    sequence.children.back() = Repeated(std::move(last));
    return true;
  }

  RegexNode Repeated(RegexNode node) {
    for (bool is_first = true;; is_first = false) {
      int least = 0, most = -1;
      if (Take(U'*')) {
      } else if (Take(U'+')) {
        least = 1;
      } else if (Take(U'?')) {
        most = 1;
      } else if (!TakeCounts(least, most)) {
        return node;
      }
      if (!is_first) Fail("a repetition of a repetition; put the inner one in brackets");
      Take(U'?');  // lazy
      RegexNode repeat;
      repeat.kind = RegexNode::Kind::kRepeat;
      repeat.least = least;
      repeat.most = most;
      repeat.children.push_back(std::move(node));
      node = std::move(repeat);
    }
  }

  /// {n}, {n,} or {n,m}; anything else that begins with { is literal text.
  bool TakeCounts(int& least, int& most) {
    const size_t begin = at_;
    const auto number = [&](int& n) {
      const size_t first = at_;
      for (n = 0; Peek() >= U'0' && Peek() <= U'9' && n <= kMostRepeats; ++at_) n = n * 10 + static_cast<int>(Peek() - U'0');
      return at_ > first;
    };
    bool is_count = Take(U'{') && number(least);
    most = least;
    if (is_count && Take(U',') && !number(most)) most = -1;
    is_count = is_count && (Take(U'}') || least > kMostRepeats || most > kMostRepeats);
    if (!is_count) at_ = begin;
    if (!is_count) return false;
    if (least > kMostRepeats || most > kMostRepeats) Fail("more than 1000 repetitions");
    if (most >= 0 && most < least) Fail("a repetition that ends before it begins");
    return true;
  }

  std::optional<RegexNode> Atom(int nesting) {
    const char32_t c = Next("an expression");
    switch (c) {
      case U'(': return Group(nesting);
      case U'[': return Folded(Bracket());
      case U'.': return Set(flags_.dot_takes_newline ? CharSet{{0, kLastCodePoint}} : CharSet{{U'\n', U'\n'}}.Negated());
      case U'^': return At(flags_.by_line ? Place::kLineBegin : Place::kTextBegin);
      case U'$': return At(flags_.by_line ? Place::kLineEnd : Place::kTextEnd);
      case U'*':
      case U'+':
      case U'?': Fail("a repetition of nothing");
      case U'\\': return Escape();
      default: return Literal(c);
    }
  }

  std::optional<RegexNode> Group(int nesting) {
    const Flags outer = flags_;
    if (Take(U'?')) {
      if (Peek() == U'P' || Peek() == U'<') {
        TakeName();
      } else if (TakeFlags()) {
        return std::nullopt;
      }
    }
    RegexNode inner = Choice(nesting + 1);
    if (!Take(U')')) Fail("a ( without its )");
    flags_ = outer;
    return inner;
  }

  void TakeName() {
    Take(U'P');
    if (!Take(U'<') || Peek() == U'=' || Peek() == U'!') Fail("a group of a kind that is not known; named ones are (?P<name>...)");
    while (!Take(U'>')) {
      if (!WordChars().Has(Next("a group's name"))) Fail("a group's name is letters, digits and _");
    }
  }

  /// Behind (?: flags to set and, after -, to clear; true if ) follows them, false if : does.
  bool TakeFlags() {
    for (bool value = true;;) {
      switch (Next("a group")) {
        case U'i': flags_.ignore_case = value; break;
        case U's': flags_.dot_takes_newline = value; break;
        case U'm': flags_.by_line = value; break;
        case U'U': break;  // swaps greedy and lazy
        case U'-': value = false; break;
        case U')': return true;
        case U':': return false;
        default: Fail("a group of a kind that is not known; there are (...), (?:...), (?P<name>...) and (?ismU-ismU:...)");
      }
    }
  }

  RegexNode Escape() {
    switch (Peek()) {
      case U'A': ++at_; return At(Place::kTextBegin);
      case U'z': ++at_; return At(Place::kTextEnd);
      case U'b': ++at_; return At(Place::kWordBoundary);
      case U'B': ++at_; return At(Place::kNoWordBoundary);
      case U'E': ++at_; return RegexNode();  // without \Q: nothing
      default: break;
    }
    if (const auto set = TakePerlClass()) return Set(*set);
    return Literal(EscapedChar());
  }

  /// \d, \D, \s, \S, \w, \W behind the backslash.
  std::optional<CharSet> TakePerlClass() {
    const char32_t c = Peek();
    if (c == U'p' || c == U'P') Fail("Unicode classes (\\p) are not supported; write the ranges");
    const CharSet* set = PerlClass(c | 32);
    if (!set || AtEnd()) return std::nullopt;
    ++at_;
    return c & 32 ? *set : set->Negated();
  }

  char32_t EscapedChar() {
    const char32_t c = Next("an escape");
    switch (c) {
      case U'a': return U'\a';
      case U'f': return U'\f';
      case U'n': return U'\n';
      case U'r': return U'\r';
      case U't': return U'\t';
      case U'v': return U'\v';
      case U'x': return Hexadecimal();
      default: break;
    }
    if (c >= U'0' && c <= U'7' && (c == U'0' || (Peek() >= U'0' && Peek() <= U'7'))) return Octal(c - U'0');
    if (c >= U'1' && c <= U'9') Fail("back-references are not supported");
    if (c >= 0x80 || WordChars().Has(c)) Fail("an escape that is not known: \\" + OneChar(c));
    return c;
  }
  static std::string OneChar(char32_t c) {
    std::string text;
    Append(c, text);
    return text;
  }

  char32_t Octal(char32_t value) {
    for (int digits = 1; digits < 3 && Peek() >= U'0' && Peek() <= U'7'; ++digits) value = value * 8 + (text_[at_++] - U'0');
    return value;
  }

  /// \x7F or \x{10FFFF}.
  char32_t Hexadecimal() {
    const auto digit = [&](char32_t c) -> char32_t {
      if (c >= U'0' && c <= U'9') return c - U'0';
      if ((c | 32) >= U'a' && (c | 32) <= U'f') return (c | 32) - U'a' + 10;
      Fail("\\x wants hexadecimal digits");
    };
    if (!Take(U'{')) {
      const char32_t high = digit(Next("\\x"));
      return high * 16 + digit(Next("\\x"));
    }
    char32_t value = digit(Next("\\x{"));
    while (!Take(U'}')) {
      value = value * 16 + digit(Next("\\x{"));
      if (value > kLastCodePoint) Fail("\\x{...} is beyond 10FFFF");
    }
    return value;
  }

  /// Behind [ up to its ].
  CharSet Bracket() {
    const bool is_negated = Take(U'^');
    CharSet set;
    for (bool is_first = true; is_first || Peek() != U']'; is_first = false) {
      if (AtEnd()) Fail("a [ without its ]");
      if (Peek() == U'[' && Peek(1) == U':') {
        set.Add(PosixName());
      } else if (Peek() == U'\\' && IsPerlClass(Peek(1))) {
        ++at_;
        set.Add(*TakePerlClass());
      } else {
        AddRange(set);
      }
    }
    ++at_;
    if (flags_.ignore_case && is_negated) set = set.WithBothCases();
    return is_negated ? set.Negated() : set;
  }
  static bool IsPerlClass(char32_t c) { return c == U'p' || c == U'P' || PerlClass(c | 32) != nullptr; }

  void AddRange(CharSet& set) {
    const char32_t first = BracketChar();
    char32_t last = first;
    if (Peek() == U'-' && Peek(1) != U']' && at_ + 1 < text_.size()) {
      ++at_;
      last = BracketChar();
    }
    if (last < first) Fail("a range that ends before it begins");
    set.Add(first, last);
  }
  char32_t BracketChar() {
    const char32_t c = Next("[...]");
    return c == U'\\' ? EscapedChar() : c;
  }

  /// [:name:] or [:^name:].
  CharSet PosixName() {
    at_ += 2;
    const bool is_negated = Take(U'^');
    std::string name;
    while (!(Peek() == U':' && Peek(1) == U']')) Append(Next("[:name:]"), name);
    at_ += 2;
    const CharSet* set = PosixClass(name);
    if (!set) Fail("a class that is not known: [:" + name + ":]");
    return is_negated ? set->Negated() : *set;
  }

  std::string_view pattern_;
  std::u32string text_;
  size_t at_ = 0;
  Flags flags_;
};

}  // namespace

RegexNode ParseRegex(std::string_view pattern) { return Parser(pattern).Parse(); }

}  // namespace lamina::text
