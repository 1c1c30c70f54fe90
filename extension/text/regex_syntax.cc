#include "extension/text/regex_syntax.h"

#include <optional>
#include <string>

#include "extension/text/char_classes.h"
#include "extension/text/regex_cursor.h"
#include "extension/text/unicode_classes.h"
#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

constexpr int kMostRepeats = 1000, kMostNesting = 1000;

class Parser : RegexCursor {
 public:
  using RegexCursor::RegexCursor;

  RegexNode Parse() {
    RegexNode node = Choice(0);
    if (!AtEnd()) Fail("a ) that no ( opened");
    return node;
  }

 private:
  struct Flags {
    bool ignore_case = false, dot_takes_newline = false, by_line = false;
  };

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
    Skip(2);
    while (!AtEnd() && !(Peek() == U'\\' && Peek(1) == U'E')) sequence.children.push_back(Literal(Next("\\Q")));
    if (AtEnd()) return true;
    Skip(2);
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
    const size_t begin = place();
    const auto number = [&](int& n) {
      const size_t first = place();
      for (n = 0; Peek() >= U'0' && Peek() <= U'9' && n <= kMostRepeats; Skip())
        n = n * 10 + static_cast<int>(Peek() - U'0');
      return place() > first;
    };
    bool is_count = Take(U'{') && number(least);
    most = least;
    if (is_count && Take(U',') && !number(most)) most = -1;
    is_count = is_count && (Take(U'}') || least > kMostRepeats || most > kMostRepeats);
    if (!is_count) GoTo(begin);
    if (!is_count) return false;
    if (least > kMostRepeats || most > kMostRepeats) Fail("more than 1000 repetitions");
    if (most >= 0 && most < least) Fail("a repetition that ends before it begins");
    return true;
  }

  std::optional<RegexNode> Atom(int nesting) {
    const char32_t c = Next("an expression");
    switch (c) {
      case U'(':
        return Group(nesting);
      case U'[':
        return Folded(Bracket());
      case U'.':
        return Set(flags_.dot_takes_newline ? CharSet{{0, kLastCodePoint}} : CharSet{{U'\n', U'\n'}}.Negated());
      case U'^':
        return At(flags_.by_line ? Place::kLineBegin : Place::kTextBegin);
      case U'$':
        return At(flags_.by_line ? Place::kLineEnd : Place::kTextEnd);
      case U'*':
      case U'+':
      case U'?':
        Fail("a repetition of nothing");
      case U'\\':
        return Escape();
      default:
        return Literal(c);
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
    if (!Take(U'<') || Peek() == U'=' || Peek() == U'!')
      Fail("a group of a kind that is not known; named ones are (?P<name>...)");
    while (!Take(U'>')) {
      if (!WordChars().Has(Next("a group's name"))) Fail("a group's name is letters, digits and _");
    }
  }

  /// Behind (?: flags to set and, after -, to clear; true if ) follows them, false if : does.
  bool TakeFlags() {
    for (bool value = true;;) {
      switch (Next("a group")) {
        case U'i':
          flags_.ignore_case = value;
          break;
        case U's':
          flags_.dot_takes_newline = value;
          break;
        case U'm':
          flags_.by_line = value;
          break;
        case U'U':
          break;  // swaps greedy and lazy
        case U'-':
          value = false;
          break;
        case U')':
          return true;
        case U':':
          return false;
        default:
          Fail("a group of a kind that is not known; there are (...), (?:...), (?P<name>...) and (?ismU-ismU:...)");
      }
    }
  }

  RegexNode Escape() {
    switch (Peek()) {
      case U'A':
        Skip();
        return At(Place::kTextBegin);
      case U'z':
        Skip();
        return At(Place::kTextEnd);
      case U'b':
        Skip();
        return At(Place::kWordBoundary);
      case U'B':
        Skip();
        return At(Place::kNoWordBoundary);
      case U'E':
        Skip();
        return RegexNode();  // without \Q: nothing
      default:
        break;
    }
    if (const auto set = TakeClass()) return Set(*set);
    return Literal(EscapedChar());
  }

  /// \d, \D, \s, \S, \w, \W, or \p and \P with a name, behind the backslash.
  std::optional<CharSet> TakeClass() {
    const char32_t c = Peek();
    if (c == U'p' || c == U'P') return UnicodeName();
    const CharSet* set = PerlClass(c | 32);
    if (!set || AtEnd()) return std::nullopt;
    Skip();
    return c & 32 ? *set : set->Negated();
  }

  /// pL, p{Lu} or p{^Lu}; negated with a P.
  CharSet UnicodeName() {
    bool is_negated = Next("\\p") == U'P';
    std::string name;
    if (Take(U'{')) {
      is_negated ^= Take(U'^');
      while (!Take(U'}')) Append(Next("\\p{...}"), name);
    } else {
      Append(Next("\\p"), name);
    }
    std::optional<CharSet> set = UnicodeClass(name);
    if (!set) {
      Fail("a Unicode class that is not known: \\p{" + name +
           "}; there are the general categories, as \\p{L} and \\p{Lu}, and \\p{Any}. Of a script write the ranges");
    }
    if (flags_.ignore_case) set = set->WithBothCases();
    return is_negated ? set->Negated() : *set;
  }

  /// Behind [ up to its ].
  CharSet Bracket() {
    const bool is_negated = Take(U'^');
    CharSet set;
    for (bool is_first = true; is_first || Peek() != U']'; is_first = false) {
      if (AtEnd()) Fail("a [ without its ]");
      if (Peek() == U'[' && Peek(1) == U':') {
        set.Add(PosixName());
      } else if (Peek() == U'\\' && IsClass(Peek(1))) {
        Skip();
        set.Add(*TakeClass());
      } else {
        AddRange(set);
      }
    }
    Skip();
    if (flags_.ignore_case && is_negated) set = set.WithBothCases();
    return is_negated ? set.Negated() : set;
  }
  static bool IsClass(char32_t c) { return c == U'p' || c == U'P' || PerlClass(c | 32) != nullptr; }

  void AddRange(CharSet& set) {
    const char32_t first = BracketChar();
    char32_t last = first;
    if (Peek() == U'-' && Peek(1) != U']' && Peek(1) != 0) {
      Skip();
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
    Skip(2);
    const bool is_negated = Take(U'^');
    std::string name;
    while (!(Peek() == U':' && Peek(1) == U']')) Append(Next("[:name:]"), name);
    Skip(2);
    const CharSet* set = PosixClass(name);
    if (!set) Fail("a class that is not known: [:" + name + ":]");
    return is_negated ? set->Negated() : *set;
  }

  Flags flags_;
};

}  // namespace

RegexNode ParseRegex(std::string_view pattern) { return Parser(pattern).Parse(); }

}  // namespace lamina::text
