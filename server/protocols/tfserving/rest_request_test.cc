#include "server/protocols/tfserving/rest_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::shared_ptr<const Signature> Takes(std::vector<std::pair<std::string, ElementType>> inputs) {
  auto signature = std::make_shared<Signature>();
  for (const auto& [name, type] : inputs) signature->inputs.push_back({.name = name, .type = type});
  return signature;
}

const auto kOne = Takes({{"x", ElementType::kF32}});
const auto kTwo = Takes({{"a", ElementType::kI64}, {"b", ElementType::kF32}});
const auto kText = Takes({{"s", ElementType::kString}});

template <typename T>
std::vector<T> Elements(const InputTensor& tensor) {
  std::vector<T> elements(tensor.data.size() / sizeof(T));
  std::memcpy(elements.data(), tensor.data.data(), tensor.data.size());
  return elements;
}

std::string Refused(const std::shared_ptr<const Signature>& signature, std::string_view body) {
  const std::vector<char> exact(body.begin(), body.end());
  TfRestRequest request(signature);
  const absl::Status status = request.Read({exact.data(), exact.size()});
  EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status)) << status;
  return std::string(status.message());
}

TEST(TfRestRequestTest, RowsOfTheOnlyInput) {
  TfRestRequest request(kOne);
  ASSERT_TRUE(request.Read(R"({"signature_name":"serving_default","instances":[[1,2],[3,4],[5,6]]})").ok());
  EXPECT_EQ(request.format(), TfRestRequest::Format::kRow);
  ASSERT_EQ(request.inputs().size(), 1u);
  EXPECT_EQ(request.inputs()[0].name, "x");
  EXPECT_EQ(request.inputs()[0].type, ElementType::kF32);
  EXPECT_THAT(request.inputs()[0].shape, ElementsAre(3, 2));
  EXPECT_THAT(Elements<float>(request.inputs()[0]), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(TfRestRequestTest, WhatIsReadOutOfJsonNeedsMemory) {
  std::string texts = R"({"instances":["")", escaped = R"({"instances":["\n")", numbers = R"({"instances":[0)";
  for (int i = 0; i < 100'000; ++i) {
    texts += R"(,"")";
    escaped += R"(,"\n")";
    numbers += ",0";
  }
  DerivedMemory others;
  ASSERT_TRUE(others.Take(DerivedMemory::MostOfAll() - 300'000).ok());
  for (const auto& [signature, body] : {std::pair(kText, texts), {kText, escaped}, {kOne, numbers}}) {
    TfRestRequest request(signature);
    const absl::Status status = request.Read(body + "]}");
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("ask again later"));
  }
  others = DerivedMemory();
  const std::string whole = texts + "]}";
  EXPECT_TRUE(TfRestRequest(kText).Read(whole).ok());
}

TEST(TfRestRequestTest, RowsOfNamedInputs) {
  TfRestRequest request(kTwo);
  const absl::Status status = request.Read(R"({"instances":[{"b":[1,2],"a":7},{"a":8,"b":[3,4]}]})");
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(request.inputs().size(), 2u);
  EXPECT_EQ(request.inputs()[0].name, "b");
  EXPECT_THAT(request.inputs()[0].shape, ElementsAre(2, 2));
  EXPECT_THAT(request.inputs()[1].shape, ElementsAre(2)) << "a scalar a row";
  EXPECT_THAT(Elements<int64_t>(request.inputs()[1]), ElementsAre(7, 8));
}

TEST(TfRestRequestTest, Columns) {
  TfRestRequest one(kOne);
  ASSERT_TRUE(one.Read(R"({"inputs":[[1,2]]})").ok());
  EXPECT_EQ(one.format(), TfRestRequest::Format::kColumn);
  EXPECT_THAT(one.inputs()[0].shape, ElementsAre(1, 2));
  TfRestRequest named(kTwo);
  ASSERT_TRUE(named.Read(R"({"inputs":{"a":5,"b":[[1],[2]]}})").ok());
  EXPECT_THAT(named.inputs()[0].shape, IsEmpty()) << "a scalar";
  EXPECT_THAT(named.inputs()[1].shape, ElementsAre(2, 1));
  TfRestRequest named_one(kOne);
  ASSERT_TRUE(named_one.Read(R"({"inputs":{"x":[1]}})").ok());
  EXPECT_THAT(named_one.inputs()[0].shape, ElementsAre(1));
}

TEST(TfRestRequestTest, StringsAndBytes) {
  for (const char* body : {R"({"instances":["a",{"b64":"/w=="}]})", R"({"instances":[{"s":"a"},{"s":{"b64":"/w=="}}]})",
                           R"({"inputs":["a",{"b64":"/w=="}]})", R"({"inputs":{"s":["a",{"b64":"/w=="}]}})"}) {
    TfRestRequest request(kText);
    const absl::Status status = request.Read(body);
    ASSERT_TRUE(status.ok()) << body << status;
    EXPECT_THAT(request.inputs()[0].shape, ElementsAre(2));
    EXPECT_THAT(request.inputs()[0].strings, ElementsAre("a", "\xFF"));
  }
  TfRestRequest first(kText);
  ASSERT_TRUE(first.Read(R"({"instances":[{"b64":"YQ=="}]})").ok()) << "an object that is a value";
  EXPECT_THAT(first.inputs()[0].strings, ElementsAre("a"));
  EXPECT_EQ(Refused(Takes({{"b64", ElementType::kString}}), R"({"instances":[{"b64":"YQ=="}]})"), "")
      << "an input of that name";
}

TEST(TfRestRequestTest, OneFormat) {
  EXPECT_THAT(Refused(kOne, "{}"), HasSubstr("neither 'instances' (rows) nor 'inputs' (columns) is there"));
  EXPECT_THAT(Refused(kOne, R"({"instances":[[1,2]],"inputs":[[1,2]]})"),
              HasSubstr("both 'instances' (rows) and 'inputs'"));
  EXPECT_THAT(Refused(kOne, R"({"inputs":[1],"inputs":[1]})"), HasSubstr("the key 'inputs' is there twice"));
  EXPECT_THAT(Refused(kOne, R"({"instances":[]})"), HasSubstr("'instances' is empty"));
  EXPECT_THAT(Refused(kOne, R"({"instances":5})"), HasSubstr("expected an array, got 5"));
  EXPECT_THAT(Refused(kOne, R"({"signature_name":"other","inputs":[1]})"),
              HasSubstr("signature key \"other\" not found"));
  EXPECT_NE(Refused(kOne, R"({"signature_name":1,"inputs":[1]})"), "");
}

TEST(TfRestRequestTest, NamesMustBeRight) {
  EXPECT_THAT(Refused(kOne, R"({"inputs":{"y":[1]}})"),
              HasSubstr("input tensor alias not found in signature: y. Inputs expected to be in the set {x}."));
  EXPECT_THAT(Refused(kTwo, R"({"instances":[1]})"),
              HasSubstr("instances is a plain list, but expecting list of objects as multiple input tensors required"));
  EXPECT_THAT(Refused(kTwo, R"({"inputs":[1]})"),
              HasSubstr("inputs is a plain value/list, but expecting an object as multiple input tensors required"));
  EXPECT_THAT(Refused(kOne, R"({"instances":[{"x":1},2]})"), HasSubstr("instances[1]: has no names of inputs"));
  EXPECT_THAT(Refused(kOne, R"({"instances":[1,{"x":1}]})"), HasSubstr("instances[1]: has names of inputs"));
  EXPECT_THAT(Refused(kTwo, R"({"instances":[{"a":1,"b":1},{"a":1}]})"),
              HasSubstr("instances[1]: lacks the input 'b', which rows before it have"));
  EXPECT_THAT(Refused(kTwo, R"({"instances":[{"a":1},{"a":1,"b":1}]})"),
              HasSubstr("instances[1]: has the input 'b', which rows before it do not have"));
  EXPECT_THAT(Refused(kTwo, R"({"instances":[{"a":1,"b":1,"a":2}]})"), HasSubstr("input 'a' is there twice"));
}

TEST(TfRestRequestTest, ValuesMustFit) {
  EXPECT_THAT(Refused(kOne, R"({"instances":[[1,2],[3]]})"),
              HasSubstr("instances[1]: input 'x': an array of 1, where others beside it have 2"));
  EXPECT_THAT(Refused(kTwo, R"({"instances":[{"a":1.5,"b":1}]})"),
              HasSubstr("instances[0]: input 'a': expected a 64-bit signed integer, got 1.5"));
  EXPECT_THAT(Refused(kOne, R"({"instances":["1"]})"),
              StartsWith("Invalid inputs in request body: instances[0]: input 'x'"));
  EXPECT_THAT(Refused(kOne, R"({"instances":[NaN]})"),
              StartsWith("Invalid JSON in request body: expected a value, got NaN"));
  EXPECT_THAT(Refused(kOne, R"({"instances":[{"b64":"AA=="}]})"), HasSubstr("alias not found in signature: b64"));
  EXPECT_THAT(Refused(kText, R"({"instances":[{"b64":"*"}]})"), HasSubstr("the value of \"b64\" is not base64"));
}

TEST(TfRestRequestTest, BodiesThatAreNone) {
  for (const char* body : {"", "[]", "{", "{\"instances\":[[1,2]", "{\"instances\":[[1,2]]}x", "{\"instances\":null}",
                           "{\"inputs\":null}", "{\"inputs\":}", "{\"instances\":[{]}"})
    EXPECT_THAT(Refused(kOne, body), StartsWith("Invalid ")) << body;
  EXPECT_THAT(Refused(kOne, "{\"inputs\":" + std::string(100000, '[')), HasSubstr("more than 64 arrays"));
  EXPECT_THAT(Refused(kText, R"({"inputs":{"b64")"), StartsWith("Invalid JSON"));
}

}  // namespace
}  // namespace lamina::server
