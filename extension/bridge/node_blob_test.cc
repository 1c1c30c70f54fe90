#include "extension/bridge/node_blob.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>

#include "extension/bridge/testing/attribute.h"

namespace lamina::bridge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const NodeHeader kHeader = {"node", "ai.onnx.ml", "TreeEnsemble", 5, 2, true, {1, 0, 1}};

// A blob with an attribute of every kind.
std::vector<uint8_t> Everything() {
  NodeBlobWriter writer(kHeader);
  const int64_t ints[] = {1, std::numeric_limits<int64_t>::min(), -7};
  auto a = Attribute("ints", LAMINA_ATTRIBUTE_INTS, 3);
  a.ints = ints;
  writer.Add(a);
  const float floats[] = {0.1f, -0.0f, std::numeric_limits<float>::denorm_min()};
  a = Attribute("floats", LAMINA_ATTRIBUTE_FLOATS, 3);
  a.floats = floats;
  writer.Add(a);
  const lamina_string strings[] = {{"", 0}, {"a\0b", 3}};
  a = Attribute("strings", LAMINA_ATTRIBUTE_STRINGS, 2);
  a.strings = strings;
  writer.Add(a);
  const int64_t dims[] = {3};
  const uint8_t packed[] = {0x21, 0x03};
  const lamina_tensor u4 = {sizeof(lamina_tensor), LAMINA_U4, dims, 1, 0, 3, const_cast<uint8_t*>(packed)};
  const lamina_tensor* tensors[] = {&u4};
  a = Attribute("tensor", LAMINA_ATTRIBUTE_TENSOR, 1);
  a.tensors = tensors;
  writer.Add(a);
  return writer.Finish();
}

// A blob with one attribute, whatever is wrong with it.
std::vector<uint8_t> With(const lamina_attribute& attribute, const NodeHeader& header = kHeader) {
  NodeBlobWriter writer(header);
  writer.Add(attribute);
  return writer.Finish();
}

TEST(NodeBlobTest, HeaderComesBack) {
  const auto bytes = NodeBlobWriter(kHeader).Finish();
  const NodeBlobReader reader(bytes);
  EXPECT_EQ(reader.header().name, "node");
  EXPECT_EQ(reader.header().domain, "ai.onnx.ml");
  EXPECT_EQ(reader.header().operator_name, "TreeEnsemble");
  EXPECT_EQ(reader.header().opset, 5);
  EXPECT_EQ(reader.header().output_count, 2);
  EXPECT_TRUE(reader.header().in_body);
  EXPECT_THAT(reader.header().present, ElementsAre(1, 0, 1));
  EXPECT_TRUE(reader.attributes().empty());
}

TEST(NodeBlobTest, ValuesComeBackBitForBit) {
  const auto bytes = Everything();
  const NodeBlobReader reader(bytes);
  ASSERT_EQ(reader.attributes().size(), 4);
  const auto& ints = *reader.attributes()[0];
  EXPECT_STREQ(ints.name, "ints");
  EXPECT_EQ(ints.ints[1], std::numeric_limits<int64_t>::min());
  const auto& floats = *reader.attributes()[1];
  EXPECT_EQ(floats.floats[0], 0.1f);
  EXPECT_TRUE(std::signbit(floats.floats[1]));
  EXPECT_EQ(floats.floats[2], std::numeric_limits<float>::denorm_min());
  const auto& strings = *reader.attributes()[2];
  EXPECT_EQ(strings.strings[0].size, 0);
  EXPECT_EQ(std::string(strings.strings[1].data, strings.strings[1].size), std::string("a\0b", 3));
  const auto& tensor = *reader.attributes()[3]->tensors[0];
  EXPECT_EQ(tensor.type, LAMINA_U4);
  EXPECT_EQ(tensor.size, 3);
  EXPECT_EQ(static_cast<const uint8_t*>(tensor.data)[1], 0x03);
}

TEST(NodeBlobTest, FloatsAreReadInPlace) {
  const auto bytes = Everything();
  const NodeBlobReader reader(bytes);
  const auto* floats = reinterpret_cast<const uint8_t*>(reader.attributes()[1]->floats);
  EXPECT_GE(floats, bytes.data());
  EXPECT_LT(floats, bytes.data() + bytes.size());
}

TEST(NodeBlobTest, IntegersTakeWhatTheirNumbersNeed) {
  const int64_t greatest[] = {0, 127, -128, 128, 32767, -32769, 2147483647, 2147483648, int64_t{1} << 62};
  std::vector<size_t> sizes;
  for (const int64_t great : greatest) {
    std::vector<int64_t> values(1000, -1);
    values[500] = great;
    auto a = Attribute("ints", LAMINA_ATTRIBUTE_INTS, values.size());
    a.ints = values.data();
    const auto bytes = With(a);
    const NodeBlobReader reader(bytes);
    ASSERT_EQ(reader.attributes()[0]->count, values.size());
    EXPECT_EQ(std::vector(reader.attributes()[0]->ints, reader.attributes()[0]->ints + values.size()), values);
    sizes.push_back((bytes.size() - With(Attribute("ints", LAMINA_ATTRIBUTE_INTS, 0)).size()) / values.size());
  }
  EXPECT_THAT(sizes, ElementsAre(1, 1, 1, 2, 2, 4, 4, 8, 8));
}

TEST(NodeBlobTest, EveryTextIsThereOnce) {
  const std::string leaf(100, 'l'), branch(100, 'b');
  std::vector<lamina_string> strings;
  for (int i = 0; i < 1000; ++i)
    strings.push_back(i % 3 == 0 ? lamina_string{leaf.data(), 100} : lamina_string{branch.data(), 100});
  auto a = Attribute("modes", LAMINA_ATTRIBUTE_STRINGS, strings.size());
  a.strings = strings.data();
  const auto bytes = With(a);
  EXPECT_LT(bytes.size(), 1500);
  const NodeBlobReader reader(bytes);
  ASSERT_EQ(reader.attributes()[0]->count, strings.size());
  for (size_t i = 0; i < strings.size(); ++i) {
    const lamina_string& text = reader.attributes()[0]->strings[i];
    ASSERT_EQ(std::string(text.data, text.size), i % 3 == 0 ? leaf : branch) << i;
  }
}

TEST(NodeBlobTest, OneTextIsNotThereAnyNumberOfTimes) {
  const std::string text(1 << 20, 't');
  std::vector<lamina_string> strings(2048, lamina_string{text.data(), text.size()});
  auto a = Attribute("strings", LAMINA_ATTRIBUTE_STRINGS, strings.size());
  a.strings = strings.data();
  EXPECT_EQ(NodeBlobReader{With(a)}.attributes()[0]->count, strings.size());
  NodeBlobWriter writer(kHeader);
  writer.Add(a);
  a.count = 1;
  a.name = "one more";
  writer.Add(a);
  const auto bytes = writer.Finish();
  EXPECT_THAT([&] { NodeBlobReader{bytes}; }, ThrowsMessage<std::runtime_error>(HasSubstr("more than 2 GiB")));
}

TEST(NodeBlobTest, AStringThatThereIsNotIsAnError) {
  const lamina_string strings[] = {{"a", 1}, {"b", 1}};
  auto a = Attribute("strings", LAMINA_ATTRIBUTE_STRINGS, 2);
  a.strings = strings;
  auto bytes = With(a);  // ends with which of the two strings each is: 0 and 1
  EXPECT_EQ(bytes[bytes.size() - 7], 1);
  for (const int place : {2, 255}) {
    bytes[bytes.size() - 7] = uint8_t(place);
    EXPECT_THROW(NodeBlobReader{bytes}, std::runtime_error) << place;
  }
}

TEST(NodeBlobTest, AnotherVersionIsNamed) {
  auto bytes = Everything();
  bytes[7] = '1';
  EXPECT_THAT([&] { NodeBlobReader{bytes}; },
              ThrowsMessage<std::runtime_error>(HasSubstr("another version of this library")));
}

TEST(NodeBlobTest, AnyTruncationIsAnError) {
  const auto bytes = Everything();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + long(size));
    EXPECT_THROW(NodeBlobReader{cut}, std::runtime_error) << size;
  }
}

TEST(NodeBlobTest, WhatDoesNotAgreeIsAnError) {
  const int64_t ints[] = {1, 2}, dims[] = {5}, negative[] = {-1, -1}, huge[] = {int64_t{1} << 62, 4};
  for (const int32_t kind :
       {LAMINA_ATTRIBUTE_INT, LAMINA_ATTRIBUTE_FLOAT, LAMINA_ATTRIBUTE_STRING, LAMINA_ATTRIBUTE_TENSOR}) {
    EXPECT_THROW(NodeBlobReader{With(Attribute("none", kind, 0))}, std::runtime_error) << kind;
  }
  auto a = Attribute("tensor", LAMINA_ATTRIBUTE_TENSOR, 1);
  for (const auto& [of, rank, size] : {std::tuple(dims, 1, 2), std::tuple(negative, 2, 1), std::tuple(huge, 2, 0)}) {
    const lamina_tensor tensor = {sizeof(lamina_tensor),     LAMINA_I64, of, rank, 0, uint64_t(size),
                                  const_cast<int64_t*>(ints)};
    const lamina_tensor* tensors[] = {&tensor};
    a.tensors = tensors;
    EXPECT_THROW(NodeBlobReader{With(a)}, std::runtime_error) << rank;
  }
  NodeHeader header = kHeader;
  header.present[0] = 2;
  EXPECT_THROW(NodeBlobReader{With(Attribute("none", LAMINA_ATTRIBUTE_INTS, 0), header)}, std::runtime_error);
}

TEST(NodeBlobTest, DamageIsAnErrorNotACrash) {
  const auto bytes = Everything();
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int value : {0xff, bytes[at] + 1, bytes[at] - 1}) {
      auto damaged = bytes;
      damaged[at] = uint8_t(value);
      try {
        const NodeBlobReader reader(damaged);
      } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("damaged"));
      }
    }
  }
}

}  // namespace
}  // namespace lamina::bridge
