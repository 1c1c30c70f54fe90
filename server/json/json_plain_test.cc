#include "server/json/json_plain.h"

#include <gtest/gtest.h>

#include <string>

namespace lamina::server {
namespace {

bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

TEST(PlainLengthTest, EndsAtEveryOtherByteWhereverItIs) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (size_t size = 0; size < 20; ++size) {
      for (size_t at = 0; at < size; ++at) {
        std::string text(size, ' ');
        text[at] = c;
        ASSERT_EQ(PlainLength(text), IsPlain(c) ? size : at) << byte << " at " << at << " of " << size;
      }
    }
  }
}

TEST(PlainLengthTest, TheFirstOfTwoCounts) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      std::string text = "a..bcdefghi";
      text[1] = static_cast<char>(first);
      text[2] = static_cast<char>(second);
      const size_t plain = !IsPlain(text[1]) ? 1 : !IsPlain(text[2]) ? 2 : text.size();
      ASSERT_EQ(PlainLength(text), plain) << first << ", " << second;
    }
  }
}

}  // namespace
}  // namespace lamina::server
