#include "server/protocols/reference/wire_cases.h"
#include "server/protocols/reference/wire_text.h"

namespace lamina::server {
namespace {

using namespace wire_text;  // NOLINT: a vocabulary of its own

// Numbers of PredictRequest's fields: 1 model_spec, 2 inputs, 3 output_filter. Of a ModelSpec's: 1 name, 2 version,
// 3 signature, 4 label. Of a TensorProto's: 1 dtype, 2 shape, 4 content, 5 and up the lists.
constexpr uint64_t kFloat = 1, kDouble = 2, kInt32 = 3, kUint8 = 4, kInt16 = 5, kInt8 = 6, kString = 7, kInt64 = 9,
                   kBool = 10, kBfloat16 = 14, kUint16 = 17, kHalf = 19, kUint32 = 22, kUint64 = 23;

std::string Shape(const std::vector<uint64_t>& sizes) {
  std::string shape;
  for (const uint64_t size : sizes) shape += Field(2, Number(1, size));
  return Field(2, shape);
}

std::string Tensor(uint64_t dtype, const std::vector<uint64_t>& shape, const std::string& more) {
  return Number(1, dtype) + Shape(shape) + more;
}

std::string Request(uint64_t dtype, const std::vector<uint64_t>& shape, const std::string& more) {
  return Field(1, Field(1, "m")) + Entry(2, "x", Tensor(dtype, shape, more));
}

std::vector<WireCase> SpecCases() {
  const std::string x = Entry(2, "x", Tensor(kFloat, {1}, Field(4, "abcd")));
  const std::string name = Field(1, "m");
  const auto spec = [&](const std::string& more) { return Field(1, name + more) + x; };
  return {{"a version", spec(Field(2, Number(1, 7)))},
          {"a negative version", spec(Field(2, Number(1, ~uint64_t{0})))},
          {"an empty version", spec(Field(2, ""))},
          {"a version in two pieces", spec(Field(2, Number(1, 7)) + Field(2, ""))},
          {"a version as a number", spec(Number(2, 7))},
          {"a version of text", spec(Field(2, Field(1, "7")))},
          {"a label", spec(Field(4, "stable"))},
          {"an empty label", spec(Field(4, ""))},
          {"a version, then a label", spec(Field(2, Number(1, 7)) + Field(4, "stable"))},
          {"a label, then a version", spec(Field(4, "stable") + Field(2, ""))},
          {"a version, a label, a version", spec(Field(2, Number(1, 7)) + Field(4, "") + Field(2, ""))},
          {"a label that is not UTF-8, then a version", spec(Field(4, "\xff") + Field(2, ""))},
          {"a spec in two pieces", Field(1, Field(2, Number(1, 7)) + name) + x + Field(1, Field(3, "serving_default"))},
          {"a spec in two pieces, with a label", spec(Field(2, Number(1, 7))) + Field(1, Field(4, "l"))},
          {"another signature", spec(Field(3, "classify"))},
          {"97 groups in a version", spec(Field(2, Groups(9, 98)))},
          {"98 groups in a version", spec(Field(2, Groups(9, 99)))},
          {"an output filter", x + Field(3, "y") + Field(3, "a")},
          {"an output filter with a name twice", x + Field(3, "y") + Field(3, "y")},
          {"an output filter that is not UTF-8", x + Field(3, "\xc0\x80")}};
}

std::vector<WireCase> MapCases() {
  const std::string one = Tensor(kFloat, {1}, Field(4, "abcd"));
  const std::string two = Tensor(kFloat, {2}, Field(4, "abcdefgh"));
  std::string twelve;
  for (char name = 'a'; name < 'm'; ++name) twelve += Entry(2, std::string(1, name), one);
  return {{"two inputs", Entry(2, "x", one) + Entry(2, "y", two)},
          {"the last input of a name", Entry(2, "x", one) + Entry(2, "y", one) + Entry(2, "x", two)},
          {"twelve inputs", twelve},
          {"the last of twelve inputs", twelve + Entry(2, "b", two) + Entry(2, "m", two) + Entry(2, "l", two)},
          {"an entry without a tensor", Field(2, Field(1, "x"))},
          {"an empty entry", Field(2, "")},
          {"an entry's tensor first", Field(2, Field(2, one) + Field(1, "x"))},
          {"an entry's tensor in two pieces",
           Field(2, Field(1, "x") + Field(2, Number(1, kFloat) + Shape({1})) + Field(2, Shape({2}) + Fixed32(5, 3)))},
          {"pieces that are whole only together", Field(2, Field(2, "\x2a") + Field(2, std::string("\x00", 1)))},
          {"an entry's key twice", Field(2, Field(1, "x") + Field(2, one) + Field(1, "y"))},
          {"an entry with unknown fields", Field(2, Number(9, 1) + Field(1, "x") + Groups(5, 2) + Field(2, one))},
          {"98 groups in a tensor", Entry(2, "x", Groups(9, 98))},
          {"99 groups in a tensor", Entry(2, "x", Groups(9, 99))}};
}

std::vector<WireCase> TensorCases() {
  const std::string large = std::string(9, '\xff') + '\x7f';
  return {
      {"content", Request(kFloat, {2}, Field(4, "abcdefgh"))},
      {"content twice, at last empty", Request(kFloat, {1}, Field(4, "abcd") + Field(4, "") + Fixed32(5, 3))},
      {"content too short", Request(kInt64, {1}, Field(4, "abcd"))},
      {"a scalar", Request(kDouble, {}, Fixed64(6, 3))},
      {"a dimension's size twice, and its name",
       Request(kFloat, {}, Field(2, Field(2, Number(1, 9) + Field(2, "batch") + Number(1, 1))) + Fixed32(5, 3))},
      {"a dimension's name that is not UTF-8", Request(kFloat, {}, Field(2, Field(2, Field(2, "\xff"))))},
      {"a dimension without a size", Request(kFloat, {}, Field(2, Field(2, "")))},
      {"an unknown rank", Request(kFloat, {}, Field(2, Number(3, 1)))},
      {"an unknown rank taken back", Request(kFloat, {}, Field(2, Number(3, 1)) + Field(2, Number(3, 0)))},
      {"a negative shape", Request(kFloat, {~uint64_t{0}}, "")},
      {"too large to grow", Request(kFloat, {1u << 30}, "")},
      {"dtype 99", Request(99, {1}, "")},
      {"a dtype of more than 32 bits", Request((uint64_t{1} << 32) + kFloat, {1}, "")},
      {"complex numbers", Request(8, {1}, "")},
      {"dtype as text", Field(1, "") + Entry(2, "x", Field(1, "abc"))},
      {"floats", Request(kFloat, {2}, Field(5, Bits(1.5f) + Bits(2.5f)))},
      {"floats in runs", Request(kFloat, {3}, Field(5, Bits(1.5f)) + Fixed32(5, 9) + Field(5, Bits(2.5f)))},
      {"one float for all", Request(kFloat, {2, 3}, Field(5, Bits(1.5f)))},
      {"no float for all", Request(kFloat, {5}, "")},
      {"too many floats", Request(kFloat, {1}, Field(5, Bits(1.5f) + Bits(2.5f)))},
      {"floats cut off", Request(kFloat, {1}, Field(5, "abc"))},
      {"doubles", Request(kDouble, {2}, Field(6, Bits(1.5) + Bits(2.5)))},
      {"doubles cut off", Request(kDouble, {2}, Field(6, "abcd"))},
      {"ints", Request(kInt32, {3}, Field(7, Packed({1, ~uint64_t{0}}) + large))},
      {"one int for all", Request(kInt32, {3}, Number(7, 5))},
      {"int8", Request(kInt8, {3}, Field(7, Packed({127, ~uint64_t{127}})))},
      {"int8 too large", Request(kInt8, {1}, Field(7, Packed({128})))},
      {"int16", Request(kInt16, {1}, Number(7, 32767))},
      {"uint8 too small", Request(kUint8, {1}, Number(7, ~uint64_t{0}))},
      {"uint8", Request(kUint8, {2}, Field(7, Packed({255})))},
      {"uint16", Request(kUint16, {2}, Field(7, Packed({65535, 0})))},
      {"half", Request(kHalf, {2}, Field(13, Packed({0x3c00, 0xffff})))},
      {"half too large", Request(kHalf, {1}, Field(13, Packed({65536})))},
      {"bfloat16", Request(kBfloat16, {2}, Number(13, 0x3f80))},
      {"int64", Request(kInt64, {2}, Field(10, Packed({1}) + large))},
      {"bools", Request(kBool, {4}, Field(11, Packed({0, 1, 7})))},
      {"uint32", Request(kUint32, {2}, Field(16, Packed({~uint64_t{0}, 1})))},
      {"uint64", Request(kUint64, {2}, Field(17, large) + Number(17, 3))},
      {"lists that end within a number", Request(kInt64, {2}, Field(16, "\x80"))},
      {"strings", Request(kString, {2}, Field(8, "a\xff") + Field(8, ""))},
      {"one string for all", Request(kString, {3}, Field(8, "s"))},
      {"no string for all", Request(kString, {3}, "")},
      {"too many strings", Request(kString, {1}, Field(8, "a") + Field(8, "b"))},
      {"strings in content", Request(kString, {1}, Field(4, "\x01x"))},
      {"fields that we have no use for", Request(kFloat, {1}, Number(3, 1) + Field(18, "f") + Field(5, Bits(1.f)))}};
}

}  // namespace

std::vector<WireCase> PredictCases() {
  const std::string plain = Field(1, Field(1, "model") + Field(2, Number(1, 3)) + Field(3, "serving_default")) +
                            Entry(2, "x", Tensor(kFloat, {1, 2}, Field(4, Bits(1.5f) + Bits(-1.0f)))) +
                            Entry(2, "s", Tensor(kString, {1}, Field(8, "ab"))) + Field(3, "y");
  std::vector<WireCase> cases = CommonCases(plain, 3);
  for (const auto& more : {SpecCases(), MapCases(), TensorCases()}) cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace lamina::server
