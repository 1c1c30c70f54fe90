#include "extension/text/unicode_classes.h"

#include <cstdint>
#include <iterator>

#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

constexpr uint32_t kRuns[] = {
// each begins with code point kRuns[i] / 32 and is of category kRuns[i] % 32
#include "extension/text/unicode_categories.inc"
};
constexpr std::string_view kCategories[] = {"Cc", "Cf", "Cn", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu",
                                            "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc", "Pd", "Pe", "Pf",
                                            "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs"};

}  // namespace

std::optional<CharSet> UnicodeClass(std::string_view name) {
  if (name == "Any") return CharSet{{0, kLastCodePoint}};
  CharSet set;
  if (name.empty()) return std::nullopt;
  for (size_t i = 0; i < std::size(kRuns); ++i) {
    const std::string_view category = kCategories[kRuns[i] % 32];
    if (category == "Cn" || !category.starts_with(name)) continue;
    const uint32_t next = i + 1 < std::size(kRuns) ? kRuns[i + 1] / 32 : kLastCodePoint + 1;
    set.Add(kRuns[i] / 32, next - 1);
  }
  if (set.empty()) return std::nullopt;
  return set;
}

}  // namespace lamina::text
