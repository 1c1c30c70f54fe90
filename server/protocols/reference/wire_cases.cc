#include "server/protocols/reference/wire_cases.h"

#include "server/protocols/reference/wire_text.h"

namespace lamina::server {

using namespace wire_text;  // NOLINT: a vocabulary of its own

std::vector<WireCase> CommonCases(const std::string& plain, uint32_t text) {
  const std::string ones(9, '\xff');
  std::vector<WireCase> cases = {
      {"plain", plain},
      {"empty", ""},
      {"a zero tag at the end", plain + '\0'},
      {"a field of number 0", plain + Tag(0, 2) + Varint(0)},
      {"wire type 6", plain + Tag(20, 6)},
      {"wire type 7", plain + Tag(20, 7) + "x"},
      {"unknown fields of every type",
       Number(100, 5) + Fixed32(101, 7) + plain + Fixed64(102, 8) + Field(103, "abc") + Groups(104, 2, Number(1, 1))},
      {"the highest number", plain + Number((1u << 29) - 1, 1)},
      {"a tag of 5 bytes", LongVarint(static_cast<uint8_t>(text << 3 | 2), 5) + Varint(1) + "x" + plain},
      {"a tag of 6 bytes", LongVarint(static_cast<uint8_t>(text << 3 | 2), 6) + Varint(1) + "x" + plain},
      {"a tag beyond 32 bits", std::string("\x8a\x80\x80\x80\x7f\x01x", 7) + plain},
      {"a size of 5 bytes", Tag(text, 2) + LongVarint(1, 5) + "x" + plain},
      {"a size of 6 bytes", Tag(text, 2) + LongVarint(1, 6) + "x" + plain},
      {"a size of 2 GiB", Tag(text, 2) + Varint(1u << 31) + plain},
      {"a size of 2^31 - 16", Tag(text, 2) + Varint((1u << 31) - 16) + plain},
      {"a size of 2^32 + 1", Tag(text, 2) + Varint((uint64_t{1} << 32) + 1) + "x" + plain},
      {"a varint of 10 bytes", plain + Tag(100, 0) + ones + '\x01'},
      {"a varint of 10 bytes beyond 64 bits", plain + Tag(100, 0) + ones + '\x7f'},
      {"a varint of 11 bytes", plain + Tag(100, 0) + ones + '\xff' + '\x01'},
      {"a group of another number's end", plain + Begin(9) + End(10)},
      {"an end without a group", plain + End(9)},
      {"a group that does not end", plain + Begin(9) + Number(1, 1)},
      {"a known field as a group", Groups(text, 1) + plain},
      {"a group of field 0", plain + Tag(0, 3) + Tag(0, 4)},
      {"a zero tag in a group", plain + Begin(9) + '\0' + End(9)},
      {"100 groups", plain + Groups(9, 100)},
      {"101 groups", plain + Groups(9, 101)},
      {"text as a varint", Number(text, 65) + plain},
      {"text as fixed", Fixed32(text, 65) + Fixed64(text, 65) + plain},
      {"fixed cut off", plain + Tag(100, 5) + "abc"},
      {"fixed64 cut off", plain + Tag(100, 1) + "abcdefg"},
      {"a tag alone", plain + Tag(100, 0)}};
  const std::string texts[] = {"\x7f",
                               "\xc2\x80",
                               "\xdf\xbf",
                               "\xe0\xa0\x80",
                               "\xed\x9f\xbf",
                               "\xee\x80\x80",
                               "\xef\xbf\xbf",
                               "\xf0\x90\x80\x80",
                               "\xf4\x8f\xbf\xbf",
                               "\x80",
                               "\xc0\x80",
                               "\xc1\xbf",
                               "\xe0\x9f\xbf",
                               "\xed\xa0\x80",
                               "\xed\xbf\xbf",
                               "\xf0\x8f\xbf\xbf",
                               "\xf4\x90\x80\x80",
                               "\xf5\x80\x80\x80",
                               "\xc2",
                               "\xe1\x80",
                               "\xf1\x80\x80",
                               "\xe1\x80\x41",
                               "\xff",
                               "\xfe",
                               "eight or more: \xc3\xa4 and then some",
                               "eight or more: \xc3\x28 and then some"};
  for (const std::string& utf8 : texts)
    cases.push_back({"text of bytes like '" + utf8 + "'", plain + Field(text, utf8)});
  for (size_t size = 1; size < plain.size(); size += 1 + size / 16) {
    cases.push_back({"cut off at " + std::to_string(size), plain.substr(0, size)});
  }
  return cases;
}

}  // namespace lamina::server
