#include "server/protocols/wire/wire_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/protocols/wire/wire_list.h"
#include "server/protocols/wire/wire_writer.h"

namespace lamina::server {
namespace {

using testing::ElementsAre;

WireBytes BytesOf(std::string_view text) { return std::as_bytes(std::span(text)); }

// That all of this is what protobuf does is tested in reference/difference_test.cc.
TEST(WireReaderTest, FieldsOfEveryType) {
  const std::string message("\x08\x96\x01\x15\x01\0\0\0\x19\x02\0\0\0\0\0\0\0\x22\x02hi\x2b\x08\x01\x2c", 25);
  WireReader reader(BytesOf(message));
  ASSERT_TRUE(reader.Next());
  EXPECT_TRUE(reader.Is(1, WireType::kVarint));
  EXPECT_EQ(reader.value(), 150u);
  ASSERT_TRUE(reader.Next());
  EXPECT_TRUE(reader.Is(2, WireType::kFixed32));
  EXPECT_EQ(reader.value(), 1u);
  ASSERT_TRUE(reader.Next());
  EXPECT_TRUE(reader.Is(3, WireType::kFixed64));
  EXPECT_EQ(reader.value(), 2u);
  ASSERT_TRUE(reader.Next());
  EXPECT_TRUE(reader.Is(4, WireType::kBytes));
  EXPECT_EQ(reader.text(), "hi");
  EXPECT_EQ(reader.bytes().data(), reinterpret_cast<const std::byte*>(message.data()) + 19) << "a view, no copy";
  EXPECT_FALSE(reader.Next()) << "a group is passed over";
  EXPECT_FALSE(reader.malformed());
}

TEST(WireReaderTest, WhatIsMalformedIsFoundWhereItIs) {
  const struct {
    std::string_view message;
    ptrdiff_t where;
  } kCases[] = {{{"\x08\x01\x08", 3}, 3},      // a tag without its value
                {{"\x08\x01\x80", 3}, 2},      // a tag that is cut off
                {{"\x0a\x05hi", 4}, 1},        // a length beyond the end
                {{"\x08\x01\x00\x01", 4}, 3},  // field 0
                {{"\x0c", 1}, 1},              // the end of no group
                {{"\x0b\x14", 2}, 2},          // the end of another group
                {{"\x0b\x08\x01", 3}, 3},      // a group without an end
                {{"\x0e", 1}, 1}};             // wire type 6
  for (const auto& [message, where] : kCases) {
    WireReader reader(BytesOf(message));
    while (reader.Next()) {
    }
    EXPECT_TRUE(reader.malformed()) << testing::PrintToString(message);
    EXPECT_EQ(reader.position() - BytesOf(message).data(), where) << testing::PrintToString(message);
  }
}

TEST(WireListTest, PackedAndSingleElementsInSeveralPieces) {
  const std::string first("\x0a\x02\x01\x02\x08\x03", 6), second("\x08\x96\x01\x0a\x00", 5);
  const WirePieces pieces = {BytesOf(first), BytesOf(second)};
  const WireList list(pieces, 1, WireType::kVarint);
  EXPECT_EQ(list.size(), 4u);
  std::vector<uint64_t> values;
  list.ForEach([&](uint64_t value) {
    values.push_back(value);
    return values.size() < 4;
  });
  EXPECT_THAT(values, ElementsAre(1, 2, 3, 150));
  EXPECT_FALSE(list.InPlace().has_value());
}

TEST(WireListTest, OneRunOfFixedNumbersIsViewedWhereItLies) {
  const std::string one(
      "\x0a\x08"
      "abcdefgh",
      10),
      two("\x0a\x04"
          "abcd\x0d"
          "efgh",
          11);
  const WirePieces in_one = {BytesOf(one)}, in_two = {BytesOf(two)};
  EXPECT_EQ(WireList(in_one, 1, WireType::kFixed32).InPlace()->data(), BytesOf(one).data() + 2);
  EXPECT_EQ(WireList(in_one, 1, WireType::kFixed32).size(), 2u);
  EXPECT_EQ(WireList(in_one, 1, WireType::kFixed64).size(), 1u);
  EXPECT_FALSE(WireList(in_two, 1, WireType::kFixed32).InPlace().has_value());
  EXPECT_EQ(WireList(in_two, 2, WireType::kFixed32).InPlace()->size(), 0u) << "no element at all";
}

TEST(WireWriterTest, SizesAreThoseOfWhatIsWritten) {
  for (const uint64_t value :
       {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{16383}, uint64_t{16384}, uint64_t{1} << 62, ~uint64_t{0}}) {
    std::byte memory[16];
    WireWriter writer(memory);
    writer.Varint(value);
    EXPECT_EQ(writer.position() - memory, static_cast<ptrdiff_t>(VarintSize(value)));
    uint64_t read = 0;
    EXPECT_EQ(DecodeVarint(memory, memory + sizeof(memory), read), writer.position());
    EXPECT_EQ(read, value);
  }
  std::byte memory[300];
  WireWriter writer(memory);
  writer.Text(1, "");
  writer.Text(20, std::string(200, 'x'));
  EXPECT_EQ(writer.position() - memory, static_cast<ptrdiff_t>(TextSize(1, "") + TextSize(20, std::string(200, 'x'))));
}

}  // namespace
}  // namespace lamina::server
