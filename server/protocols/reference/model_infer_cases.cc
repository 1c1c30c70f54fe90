#include "server/protocols/reference/wire_cases.h"
#include "server/protocols/reference/wire_text.h"

namespace lamina::server {
namespace {

using namespace wire_text;  // NOLINT: a vocabulary of its own

// Numbers of ModelInferRequest's fields: 1 name, 2 version, 3 id, 4 parameters, 5 inputs, 6 outputs, 7 raw contents.
// Of an input's: 1 name, 2 datatype, 3 shape, 4 parameters, 5 contents.
std::string Input(const std::string& name, const std::string& datatype, const std::vector<uint64_t>& shape,
                  const std::string& more = "") {
  return Field(5, Field(1, name) + Field(2, datatype) + Field(3, Packed(shape)) + more);
}

std::string Typed(const std::string& datatype, uint64_t count, const std::string& contents) {
  return Field(1, "m") + Input("x", datatype, {count}, Field(5, contents));
}

std::vector<WireCase> RequestCases() {
  const std::string raw = Field(7, Bits(1.5f) + Bits(2.5f));
  const std::string x = Input("x", "FP32", {2});
  return {{"last one wins", Field(1, "a") + Field(1, "m") + Field(2, "1") + Field(2, "") + Field(3, "id") + x + raw},
          {"raw before its input", raw + x},
          {"two raw for one input", x + raw + raw},
          {"two inputs of one name", x + x + raw + raw},
          {"nine inputs", x + Input("a", "FP32", {2}) + Input("b", "FP32", {2, 1}) + Input("c", "FP32", {1, 2}) +
                              Input("d", "FP32", {1, 1, 1, 2, 1, 1, 1, 1, 1, 1}) + Input("e", "BYTES", {0}) +
                              Input("f", "INT8", {8}) + Input("g", "BF16", {4}) + Input("h", "FP16", {2, 2}) + raw +
                              raw + raw + raw + raw + Field(7, "") + raw + raw + raw},
          {"outputs", x + raw + Field(6, Field(1, "y")) + Field(6, Field(1, "a") + Field(1, "z")) + Field(6, "")},
          {"an output twice", x + raw + Field(6, Field(1, "y")) + Field(6, Field(1, "y"))},
          {"an output's classification", x + raw + Field(6, Field(1, "y") + Entry(2, "classification", Number(2, 3)))},
          {"an output's name that is not UTF-8", x + raw + Field(6, Field(1, "\xff"))},
          {"shapes packed and not", Field(5, Number(3, 1) + Field(1, "x") + Field(3, Packed({2, 1})) +
                                                 Field(2, "FP32") + Number(3, 1) + Field(3, "")) +
                                        raw},
          {"a shape of fixed numbers", Field(5, Field(1, "x") + Field(2, "FP32") + Fixed64(3, 2)) + raw},
          {"a shape that ends within a number", Field(5, Field(1, "x") + Field(3, "\x02\x80")) + raw},
          {"a negative shape", Input("x", "FP32", {~uint64_t{0}}) + raw},
          {"a huge shape", Input("x", "FP32", {uint64_t{1} << 62, 8}) + raw},
          {"an input that is longer than the message", x + Tag(5, 2) + Varint(40) + Field(1, "x")},
          {"a field that is longer than its input", Tag(5, 2) + Varint(4) + Tag(1, 2) + Varint(9) + "xxxxxxxxxxxx" + x},
          {"a group that ends outside its input", Field(5, Begin(9)) + End(9)},
          {"99 groups in an input", Field(5, Field(1, "x") + Groups(9, 99))},
          {"100 groups in an input", Field(5, Field(1, "x") + Groups(9, 100))},
          {"strings", Input("s", "BYTES", {2}) + Field(7, Bits(2u) + "hi" + Bits(0u))},
          {"strings cut off", Input("s", "BYTES", {2}) + Field(7, Bits(2u) + "hi" + Bits(9u))}};
}

std::vector<WireCase> ParameterCases() {
  const std::string x = Input("x", "FP32", {1}) + Field(7, Bits(1.5f));
  const std::string text = Field(3, "text");
  return {
      {"parameters of every kind", x + Entry(4, "b", Number(1, 2)) + Entry(4, "i", Number(2, ~uint64_t{4})) +
                                       Entry(4, "s", text) + Entry(4, "d", Fixed64(4, 0x3ff8000000000000)) +
                                       Entry(4, "u", Number(5, ~uint64_t{0})) + Entry(4, "none", "") +
                                       Entry(4, "timeout", Number(2, 5)) + Entry(4, "priority", Number(5, 1))},
      {"the last parameter of a name", x + Entry(4, "k", Number(1, 1)) + Entry(4, "k", text)},
      {"a parameter's last member", x + Entry(4, "k", text + Number(1, 1) + Number(2, 7))},
      {"an entry without a value", x + Field(4, Field(1, "k")) + Field(4, "")},
      {"an entry's value first", x + Field(4, Field(2, text) + Field(1, "k"))},
      {"an entry's key twice", x + Field(4, Field(1, "a") + Field(2, text) + Field(1, "b"))},
      {"an entry's value twice", x + Field(4, Field(1, "a") + Field(2, text) + Field(2, Number(1, 0)) + Field(2, ""))},
      {"an entry with unknown fields", x + Field(4, Number(9, 1) + Field(1, "a") + Groups(5, 2) + Field(2, text))},
      {"an entry's key as a number", x + Field(4, Number(1, 7) + Field(2, text))},
      {"an entry that holds an end", x + Field(4, Field(1, "a") + End(4))},
      {"a key that is not UTF-8", x + Entry(4, "\xff", text)},
      {"a value that is not UTF-8, then another", x + Entry(4, "k", Field(3, "\xff") + Number(1, 1))},
      {"shared memory", Field(5, Field(1, "x") + Field(2, "FP32") + Entry(4, "shared_memory_region", text))},
      {"98 groups in a value", x + Entry(4, "k", Groups(9, 98))},
      {"99 groups in a value", x + Entry(4, "k", Groups(9, 99))}};
}

std::vector<WireCase> TypedCases() {
  const std::string large = std::string(9, '\xff') + '\x7f';
  return {{"bools", Typed("BOOL", 4, Field(1, Packed({0, 1, 2, ~uint64_t{0}})))},
          {"a bool beyond 64 bits", Typed("BOOL", 1, Number(1, 0).substr(0, 1) + std::string(9, '\x80') + '\x02')},
          {"ints", Typed("INT32", 3, Field(2, Packed({0, ~uint64_t{0}, 0xffffffff})))},
          {"an int of more than 32 bits", Typed("INT32", 2, Field(2, Packed({(uint64_t{5} << 32) + 7}) + large))},
          {"int8", Typed("INT8", 2, Field(2, Packed({127, ~uint64_t{127}})))},
          {"int8 too large", Typed("INT8", 2, Field(2, Packed({1, 128})))},
          {"int16 as single numbers", Typed("INT16", 2, Number(2, 1) + Number(2, 32767))},
          {"int64", Typed("INT64", 2, Field(3, Packed({1, ~uint64_t{0}})))},
          {"uint8", Typed("UINT8", 2, Field(4, Packed({255, 0})))},
          {"uint16 too large", Typed("UINT16", 1, Field(4, Packed({65536})))},
          {"uint32", Typed("UINT32", 2, Field(4, Packed({~uint64_t{0}, 1})))},
          {"uint64", Typed("UINT64", 1, Field(5, large))},
          {"floats", Typed("FP32", 2, Field(6, Bits(1.5f) + Bits(2.5f)))},
          {"floats one by one", Typed("FP32", 2, Fixed32(6, 1) + Fixed32(6, 0x7fa00000))},
          {"floats in two runs", Typed("FP32", 2, Field(6, Bits(1.5f)) + Field(6, Bits(2.5f)) + Field(6, ""))},
          {"floats in one run and none", Typed("FP32", 1, Field(6, "") + Field(6, Bits(1.5f)) + Field(6, ""))},
          {"floats cut off", Typed("FP32", 1, Field(6, "abcde"))},
          {"floats as doubles", Typed("FP32", 1, Fixed64(6, 1))},
          {"doubles", Typed("FP64", 2, Field(7, Bits(1.5)) + Fixed64(7, 9))},
          {"doubles cut off", Typed("FP64", 1, Field(7, "abcd"))},
          {"texts", Typed("BYTES", 2, Field(8, "a\xff") + Field(8, ""))},
          {"a text as a number", Typed("BYTES", 1, Number(8, 1) + Field(8, "a"))},
          {"too few", Typed("FP32", 3, Field(6, Bits(1.5f)))},
          {"none of many", Typed("FP32", 1000000, "")},
          {"none of none", Typed("INT64", 0, "")},
          {"FP16", Typed("FP16", 1, "")},
          {"an unknown datatype", Typed("FLOAT", 1, "")},
          {"contents that end within a number", Typed("INT32", 1, Field(2, "\x80"))},
          {"contents in two pieces", Field(5, Field(5, Field(6, Bits(1.5f))) + Field(1, "x") + Field(2, "FP32") +
                                                  Number(3, 2) + Field(5, Field(6, Bits(2.5f)) + Field(2, "\x01")))},
          {"pieces that are whole only together", Field(5, Field(5, "\x32") + Field(5, std::string("\x00", 1)))},
          {"contents and raw", Typed("FP32", 1, Number(1, 1)) + Field(7, "abcd")},
          {"empty contents and raw", Typed("FP32", 1, Field(6, "") + Fixed32(2, 3)) + Field(7, "abcd")}};
}

}  // namespace

std::vector<WireCase> ModelInferCases() {
  const std::string plain = Field(1, "model") + Field(2, "3") + Field(3, "request 1") + Input("x", "FP32", {1, 2}) +
                            Input("s", "BYTES", {1}) + Field(6, Field(1, "y")) + Field(7, Bits(1.5f) + Bits(-1.0f)) +
                            Field(7, Bits(2u) + "ab") + Entry(4, "timeout", Number(2, 5));
  std::vector<WireCase> cases = CommonCases(plain, 1);
  for (const auto& more : {RequestCases(), ParameterCases(), TypedCases()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

}  // namespace lamina::server
