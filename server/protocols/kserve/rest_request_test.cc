#include "server/protocols/kserve/rest_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace lamina::server {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const SharedMemory kNoRegions;

template <typename T>
std::vector<T> Elements(const InputTensor& tensor) {
  std::vector<T> elements(tensor.data.size() / sizeof(T));
  std::memcpy(elements.data(), tensor.data.data(), tensor.data.size());
  return elements;
}

/// What is wrong with a body; empty when nothing is.
std::string Refused(std::string_view body, std::string_view json_size = "") {
  // Exactly as large as the text, so that the address sanitizer sees a byte read behind it.
  const std::vector<char> exact(body.begin(), body.end());
  KserveRestRequest request;
  const absl::Status status = request.Read({exact.data(), exact.size()}, json_size, kNoRegions);
  EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status)) << status;
  return std::string(status.message());
}

/// What is wrong with one input, of which these are the members.
std::string RefusedInput(const std::string& members) { return Refused("{\"inputs\":[{" + members + "}]}"); }

TEST(KserveRestRequestTest, FlatOrInArrays) {
  for (const char* data : {"[1,2,3,4,5,6]", "[[1,2,3],[4,5,6]]"}) {
    const std::string body =
        std::string(R"({"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":)") + data + "}]}";
    KserveRestRequest request;
    ASSERT_TRUE(request.Read(body, "", kNoRegions).ok());
    ASSERT_EQ(request.inputs().size(), 1u);
    EXPECT_EQ(request.inputs()[0].name, "x");
    EXPECT_EQ(request.inputs()[0].type, ElementType::kF32);
    EXPECT_THAT(request.inputs()[0].shape, ElementsAre(2, 3));
    EXPECT_THAT(Elements<float>(request.inputs()[0]), ElementsAre(1, 2, 3, 4, 5, 6));
  }
}

TEST(KserveRestRequestTest, BinaryTextsNeedMemory) {
  const std::string json =
      R"({"inputs":[{"name":"x","shape":[100000],"datatype":"BYTES","parameters":{"binary_data_size":400000}}]})";
  const std::string body = json + std::string(400'000, '\0');
  DerivedMemory others;
  ASSERT_TRUE(others.Take(DerivedMemory::MostOfAll() - 1'000'000).ok());
  const absl::Status status = KserveRestRequest().Read(body, std::to_string(json.size()), kNoRegions);
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  others = DerivedMemory();
  EXPECT_TRUE(KserveRestRequest().Read(body, std::to_string(json.size()), kNoRegions).ok());
}

TEST(KserveRestRequestTest, MembersInAnyOrder) {
  const std::string body =
      R"({"outputs":[{"name":"b"},{"name":"a","parameters":{"binary_data":true,"other":1}}],"unknown":[{}],"id":"\u0041",
          "inputs":[{"data":[[7]],"parameters":{"content_type":"np"},"datatype":"INT64","shape":[1,1],"name":"x"}]})";
  KserveRestRequest request;
  ASSERT_TRUE(request.Read(body, "", kNoRegions).ok());
  EXPECT_EQ(request.id(), "A");
  EXPECT_THAT(request.outputs(), ElementsAre("b", "a"));
  EXPECT_FALSE(request.IsBinary(0));
  EXPECT_TRUE(request.IsBinary(1));
  EXPECT_THAT(Elements<int64_t>(request.inputs()[0]), ElementsAre(7));
}

TEST(KserveRestRequestTest, WhichOutputsAreBinary) {
  const std::string body = R"({"inputs":[],"parameters":{"binary_data_output":true,"timeout":1500,"sequence_id":1},
                               "outputs":[{"name":"a"},{"name":"b","parameters":{"binary_data":false}}]})";
  KserveRestRequest request;
  ASSERT_TRUE(request.Read(body, "", kNoRegions).ok());
  EXPECT_TRUE(request.IsBinary(0));
  EXPECT_FALSE(request.IsBinary(1));
  EXPECT_TRUE(request.IsBinary(2)) << "one that is not named";
  EXPECT_EQ(request.timeout(), std::chrono::microseconds(1500));
}

TEST(KserveRestRequestTest, BinaryInputsAreViewsOfTheBody) {
  const std::string json = R"({"inputs":[
      {"name":"a","shape":[2],"datatype":"FP16","parameters":{"binary_data_size":4}},
      {"name":"b","shape":[1],"datatype":"INT8","data":[-1]},
      {"name":"c","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":11}},
      {"name":"d","shape":[0],"datatype":"FP32","parameters":{"binary_data_size":0}}]})";
  const std::string body = json + std::string("\1\2\3\4\3\0\0\0yes\0\0\0\0", 15);
  KserveRestRequest request;
  const absl::Status status = request.Read(body, std::to_string(json.size()), kNoRegions);
  ASSERT_TRUE(status.ok()) << status;
  const auto inputs = request.inputs();
  EXPECT_EQ(reinterpret_cast<const char*>(inputs[0].data.data()), body.data() + json.size());
  EXPECT_THAT(Elements<uint16_t>(inputs[0]), ElementsAre(0x0201, 0x0403));
  EXPECT_THAT(Elements<int8_t>(inputs[1]), ElementsAre(-1));
  EXPECT_THAT(inputs[2].strings, ElementsAre("yes", ""));
  EXPECT_EQ(inputs[2].strings[0].data(), body.data() + json.size() + 8);
  EXPECT_TRUE(inputs[3].data.empty());
}

TEST(KserveRestRequestTest, BinarySizesMustBeRight) {
  const std::string json =
      R"({"inputs":[{"name":"a","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}}]})";
  const std::string size = std::to_string(json.size());
  EXPECT_EQ(Refused(json + "12345678", size), "");
  EXPECT_THAT(Refused(json + "1234567", size), HasSubstr("binary_data_size is 8, but 7 bytes are left of the 7"));
  EXPECT_THAT(Refused(json + "123456789", size), HasSubstr("1 bytes of 9 behind the JSON belong to no input"));
  EXPECT_THAT(Refused(json, ""), HasSubstr("binary_data_size is 8, but 0 bytes are left of the 0"));
  EXPECT_THAT(Refused(json + "12345678", ""), StartsWith("Invalid JSON in request body: expected nothing behind"));
  EXPECT_THAT(Refused(json + "12345678", "10"), StartsWith("Invalid JSON in request body: "));
  EXPECT_THAT(Refused(json, "1000"), HasSubstr("Inference-Header-Content-Length is '1000'"));
  const std::string wrong =
      R"({"inputs":[{"name":"a","shape":[3],"datatype":"FP32","parameters":{"binary_data_size":8}}]})";
  EXPECT_THAT(Refused(wrong + "12345678", std::to_string(wrong.size())),
              HasSubstr("input 'a': datatype FP32 and shape [3] need 3 x 4 bytes, got a binary_data_size of 8"));
  const std::string text =
      R"({"inputs":[{"name":"a","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":8}}]})";
  EXPECT_THAT(Refused(text + std::string("\0\0\0\0\1\0\0\0", 8), std::to_string(text.size())),
              HasSubstr("input 'a': datatype BYTES and shape [2]: element 1 of 2 is cut off"));
}

TEST(KserveRestRequestTest, ShapesThatAreNone) {
  for (const char* shape : {"[-1]", "[1000000000,1000000000,1000000000]", "[9223372036854775807,2]", "[0,-1]"}) {
    EXPECT_THAT(RefusedInput(std::string(R"("name":"x","datatype":"FP32","data":[],"shape":)") + shape),
                HasSubstr("is negative or too large; expected the tensor's actual sizes"))
        << shape;
  }
  EXPECT_THAT(RefusedInput(R"("name":"x","datatype":"FP64","shape":[1000000000],"data":[1])"),
              HasSubstr("need 1000000000 elements in data, which the 6 bytes that are left of the JSON cannot hold"));
  for (const char* shape : {"[1.0]", "[\"1\"]", "1", "{}", "[[1]]", "[99999999999999999999]", "null"})
    EXPECT_NE(RefusedInput(std::string(R"("name":"x","datatype":"FP32","data":[1],"shape":)") + shape), "") << shape;
  std::string many = "[1";
  for (int i = 0; i < 64; ++i) many += ",1";
  EXPECT_THAT(RefusedInput(R"("name":"x","datatype":"FP32","data":[1],"shape":)" + many + "]"),
              HasSubstr("a shape of more than 64 dimensions"));
}

TEST(KserveRestRequestTest, DataMustFitTheShape) {
  const std::string head = R"("name":"x","datatype":"INT32","shape":[2,2],"data":)";
  for (const char* right : {"[1,2,3,4]", "[[1,2],[3,4]]"}) EXPECT_EQ(RefusedInput(head + right), "") << right;
  for (const char* wrong :
       {"[1,2,3]", "[1,2,3,4,5]", "[[1,2,3,4]]", "[[1],[2],[3],[4]]", "[[[1,2],[3,4]]]", "[]", "[[]]", "1"})
    EXPECT_THAT(RefusedInput(head + wrong), HasSubstr("datatype INT32 and shape [2, 2] need 4 elements in data, "))
        << wrong;
  EXPECT_THAT(RefusedInput(head + "[[1,2],[3]]"), HasSubstr("all must have the same shape"));
  EXPECT_EQ(RefusedInput(R"("name":"x","datatype":"INT32","shape":[],"data":[1])"), "");
  EXPECT_EQ(RefusedInput(R"("name":"x","datatype":"INT32","shape":[0,3],"data":[])"), "");
}

TEST(KserveRestRequestTest, ElementsMustBeOfTheType) {
  const struct {
    const char* type;
    const char* right;
    const char* wrong;
  } kElements[] = {{"BOOL", "true", "1"},
                   {"INT8", "-128", "128"},
                   {"INT16", "32767", "32768"},
                   {"INT32", "-2147483648", "2147483648"},
                   {"INT64", "9223372036854775807", "9223372036854775808"},
                   {"UINT8", "255", "-1"},
                   {"UINT16", "65535", "65536"},
                   {"UINT32", "4294967295", "1.5"},
                   {"UINT64", "18446744073709551615", "1e3"},
                   {"FP32", "3.4e38", "3.5e38"},
                   {"FP64", "1e308", "1e309"},
                   {"BYTES", "\"a\"", "1"}};
  for (const auto& [type, right, wrong] : kElements) {
    const std::string head = std::string(R"("name":"x","shape":[1],"datatype":")") + type + "\",\"data\":[";
    EXPECT_EQ(RefusedInput(head + right + "]"), "") << type;
    EXPECT_THAT(RefusedInput(head + wrong + "]"), StartsWith("Invalid inputs in request body: input 'x': ")) << type;
  }
  for (const char* type : {"FP16", "BF16"}) {
    EXPECT_THAT(RefusedInput(std::string(R"("name":"x","shape":[1],"data":[1],"datatype":")") + type + "\""),
                HasSubstr("has no form in JSON; send it as binary data, with binary_data_size"));
  }
  EXPECT_THAT(RefusedInput(R"("name":"x","shape":[1],"datatype":"FP32","data":[NaN])"),
              AllOf(StartsWith("Invalid JSON in request body: "),
                    HasSubstr("got NaN, which JSON does not have, at byte 61; send tensors with")));
  EXPECT_THAT(RefusedInput(R"("name":"x","shape":[1],"datatype":"FP32","data":[null])"),
              HasSubstr("got null, at byte 61; send tensors with NaN or infinities in binary, or over gRPC"));
  EXPECT_THAT(RefusedInput(R"("name":"x","shape":[1],"datatype":"INT32","data":[null])"), Not(HasSubstr("over gRPC")));
  EXPECT_THAT(RefusedInput(R"("name":"x","shape":[1],"datatype":"STRING","data":["a"])"),
              HasSubstr("datatype 'STRING' is not known"));
}

TEST(KserveRestRequestTest, BinaryDataWithoutTheHeader) {
  const std::string json =
      R"({"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]})";
  EXPECT_THAT(Refused(json + "\1\2\3\4"), HasSubstr("its size in the header Inference-Header-Content-Length"));
  EXPECT_THAT(Refused("{\"inputs\""), Not(HasSubstr("Inference-Header-Content-Length")));
}

TEST(KserveRestRequestTest, WhatIsMissingOrThereTwice) {
  EXPECT_THAT(Refused("{}"), HasSubstr("inputs is missing"));
  EXPECT_THAT(RefusedInput(R"("name":"x","datatype":"FP32","data":[1])"), HasSubstr("input 'x': shape is missing"));
  EXPECT_THAT(RefusedInput(R"("name":"x","shape":[1],"data":[1])"), HasSubstr("input 'x': datatype is missing"));
  EXPECT_THAT(RefusedInput(R"("name":"x","shape":[1],"datatype":"FP32")"), HasSubstr("input 'x': has no data"));
  EXPECT_THAT(RefusedInput(R"("shape":[1],"datatype":"FP32","data":[1])"), HasSubstr("inputs[0] has no name"));
  EXPECT_THAT(
      RefusedInput(R"("name":"x","shape":[1],"datatype":"FP32","data":[1],"parameters":{"binary_data_size":4})"),
      HasSubstr("has both data and binary_data_size"));
  EXPECT_THAT(RefusedInput(R"("name":"x","name":"y","shape":[1],"datatype":"FP32","data":[1])"),
              HasSubstr("the key 'name' is there twice"));
  const std::string input = R"({"name":"x","shape":[1],"datatype":"FP32","data":[1]})";
  EXPECT_THAT(Refused("{\"inputs\":[" + input + "," + input + "]}"), HasSubstr("input 'x' is there twice"));
  EXPECT_THAT(Refused("{\"inputs\":[],\"inputs\":[]}"), HasSubstr("the key 'inputs' is there twice"));
  EXPECT_THAT(Refused(R"({"inputs":[],"outputs":[{"name":"y"},{"name":"y"}]})"),
              HasSubstr("output 'y' is asked for twice"));
  EXPECT_THAT(Refused(R"({"inputs":[],"outputs":[{"name":"y"},{}]})"), HasSubstr("outputs[1]: has no name"));
}

TEST(KserveRestRequestTest, WhatIsNotSupportedIsNotIgnored) {
  EXPECT_THAT(Refused(R"({"inputs":[],"outputs":[{"name":"y","parameters":{"classification":1}}]})"),
              HasSubstr("outputs[0]: the parameter classification is not supported"));
}

TEST(KserveRestRequestTest, PlacesInSharedMemory) {
  const auto input = [](const std::string& parameters, const std::string& more = "") {
    return RefusedInput(R"("name":"x","shape":[1],"datatype":"FP32","parameters":{)" + parameters + "}" + more);
  };
  const std::string region = R"("shared_memory_region":"r")", size = R"("shared_memory_byte_size":4)";
  EXPECT_THAT(input(region), HasSubstr("input 'x': shared_memory_byte_size is missing"));
  EXPECT_THAT(input(size, R"(,"data":[1])"), HasSubstr("input 'x': shared_memory_region is missing"));
  EXPECT_THAT(input(R"("shared_memory_region":1,)" + size),
              HasSubstr("shared_memory_region: expected a string, got 1"));
  EXPECT_THAT(input(region + R"(,"shared_memory_byte_size":-1)"), HasSubstr("shared_memory_byte_size: expected "));
  EXPECT_THAT(input(region + "," + size + R"(,"shared_memory_offset":1.5)"),
              HasSubstr("shared_memory_offset: expected"));
  const char* const both = "input 'x': has shared_memory_region and data or binary_data_size";
  EXPECT_THAT(input(region + "," + size, R"(,"data":[1])"), HasSubstr(both));
  EXPECT_THAT(input(region + "," + size + R"(,"binary_data_size":4)"), HasSubstr(both));
  EXPECT_EQ(input(region + "," + size), "input 'x': there is no region 'r' of shared memory; register it first");
  const auto output = [](const std::string& parameters) {
    return Refused(R"({"inputs":[],"outputs":[{"name":"y","parameters":{)" + parameters + "}}]}");
  };
  EXPECT_THAT(output(region), HasSubstr("outputs[0]: shared_memory_byte_size is missing"));
  EXPECT_THAT(output(size), HasSubstr("outputs[0]: shared_memory_region is missing"));
  EXPECT_EQ(output(region + "," + size), "output 'y': there is no region 'r' of shared memory; register it first");
}

TEST(KserveRestRequestTest, BodiesThatAreNone) {
  for (const char* body :
       {"", "x", "[]", "null", "{\"inputs\":", "{\"inputs\":{}}", "{\"inputs\":[1]}", "{\"inputs\":[[]]}",
        "{\"inputs\":null}", "{\"inputs\":[]} x", "{\"id\":1,\"inputs\":[]}", "{\"inputs\":[],\"outputs\":{}}",
        "{\"inputs\":[],\"outputs\":[\"y\"]}", "{\"inputs\":[],\"parameters\":[]}",
        "{\"inputs\":[],\"parameters\":{\"binary_data_output\":1}}", "{\"inputs\":[],\"parameters\":{\"timeout\":-1}}"})
    EXPECT_THAT(Refused(body), StartsWith("Invalid ")) << body;
  EXPECT_THAT(RefusedInput(R"("name":"x","shape":[1],"datatype":"FP32","data":)" + std::string(100000, '[')),
              HasSubstr("more than 64 arrays and objects are inside one another"));
  EXPECT_THAT(RefusedInput(R"("name":"x","parameters":{"binary_data_size":-4})"),
              HasSubstr("unsigned integer, got -4"));
}

}  // namespace
}  // namespace lamina::server
