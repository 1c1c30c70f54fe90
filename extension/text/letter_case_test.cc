#include "extension/text/letter_case.h"

#include <gtest/gtest.h>

namespace lamina::text {
namespace {

TEST(LetterCase, MapsSingleLetters) {
  EXPECT_EQ("straße äöü éa 1_ж", Lowered("STRAßE ÄÖÜ ÉA 1_Ж"));
  EXPECT_EQ("STRAßE ÄÖÜ ÉA 1_Ж", Uppered("straße äöü éa 1_ж"));
  EXPECT_EQ("", Lowered(""));
}

TEST(LetterCase, ReplacesWhatIsNotUtf8) { EXPECT_EQ("a\xEF\xBF\xBD", Lowered("A\xFF")); }

}  // namespace
}  // namespace lamina::text
