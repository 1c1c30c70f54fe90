// A set of code points.
#ifndef LAMINA_EXTENSION_TEXT_CHAR_SET_H_
#define LAMINA_EXTENSION_TEXT_CHAR_SET_H_

#include <vector>

namespace lamina::text {

class CharSet {
 public:
  struct Range {
    char32_t first, last;
  };

  CharSet() = default;
  CharSet(std::initializer_list<Range> ranges);

  void Add(char32_t first, char32_t last);
  void Add(const CharSet& other);
  /// Every code point that is not in it.
  CharSet Negated() const;
  /// With every other case of its letters.
  CharSet WithBothCases() const;

  bool Has(char32_t c) const;
  bool empty() const { return ranges_.empty(); }
  /// In order, with gaps between them.
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_CHAR_SET_H_
