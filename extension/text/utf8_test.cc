#include "extension/text/utf8.h"

#include <gtest/gtest.h>

namespace lamina::text {
namespace {

TEST(Utf8, ComesBackAsItWas) {
  for (const char32_t c :
       {U'\0', U'a', U'\x7F', U'\x80', U'é', U'\x7FF', U'\x800', U'€', U'\xFFFF', U'\x10000', U'\x10FFFF'}) {
    std::string text;
    Append(c, text);
    size_t i = 0;
    EXPECT_EQ(c, Decode(text, i));
    EXPECT_EQ(text.size(), i);
    EXPECT_TRUE(IsUtf8(text));
    EXPECT_EQ(1u, Length(text));
  }
}

TEST(Utf8, SeesWhatIsNot) {
  for (const char* text :
       {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "a\xE2\x82"}) {
    EXPECT_FALSE(IsUtf8(text));
  }
  size_t i = 0;
  EXPECT_EQ(kReplacement, Decode("\xE2\x82", i));
  EXPECT_EQ(1u, i);
  EXPECT_EQ(2u, Length("\xE2\x82"));
}

}  // namespace
}  // namespace lamina::text
