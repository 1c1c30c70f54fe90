#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "proto/kserve/inference.pb.h"
#include "server/protocols/kserve/call.h"
#include "server/shared_memory/testing.h"

namespace lamina::server {
namespace {

using inference::ModelInferRequest;
using ::testing::HasSubstr;

/// A registered region "r" of 64 bytes, and a request whose input x, UINT8 [3], lies at its byte 8 and whose output y
/// goes to its byte 32, where 4 bytes are.
class KserveCallSharedMemoryTest : public ::testing::Test {
 protected:
  KserveCallSharedMemoryTest() {
    EXPECT_TRUE(shared_memory_.Register({.name = "r", .key = object_.key(), .offset = 0, .byte_size = 64}).ok());
    request_.set_model_name("m");
    auto& input = *request_.add_inputs();
    input.set_name("x");
    input.set_datatype("UINT8");
    input.add_shape(3);
    Place(*input.mutable_parameters(), 8, 3);
    auto& output = *request_.add_outputs();
    output.set_name("y");
    Place(*output.mutable_parameters(), 32, 4);
  }
  static void Place(google::protobuf::Map<std::string, inference::InferParameter>& parameters, int64_t offset,
                    int64_t byte_size) {
    parameters["shared_memory_region"].set_string_param("r");
    parameters["shared_memory_offset"].set_int64_param(offset);
    parameters["shared_memory_byte_size"].set_int64_param(byte_size);
  }

  std::string ReadError() {
    const std::string message = request_.SerializeAsString();
    KserveCall call(shared_memory_);
    return std::string(call.Read(std::as_bytes(std::span(message))).message());
  }

  const testing::SharedObject object_{"01234567abc" + std::string(53, '.')};
  SharedMemory shared_memory_;
  ModelInferRequest request_;
};

TEST_F(KserveCallSharedMemoryTest, ThereAndBack) {
  const std::string message = request_.SerializeAsString();
  KserveCall call(shared_memory_);
  ASSERT_TRUE(call.Read(std::as_bytes(std::span(message))).ok());
  object_.Write(8, "xyz");  // what a client changes now is not what was checked
  const InputTensor& x = call.request().inputs[0];
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(x.data.data()), x.data.size()), "abc");
  const int64_t shape[] = {4};
  const auto memory = call.outputs().Reserve(0, {.name = "y", .type = ElementType::kU8}, shape, 4);
  ASSERT_TRUE(memory.ok());
  std::memcpy(memory->data(), "done", 4);
  EXPECT_EQ(object_.Read(31, 6), "......");
  const auto pieces = call.Finish(InferResult{.version = 3});
  ASSERT_TRUE(pieces.ok());
  EXPECT_EQ(object_.Read(31, 6), ".done.");
  std::string reply;
  for (const Bytes& piece : *pieces) reply += piece.text();
  inference::ModelInferResponse response;
  ASSERT_TRUE(response.ParseFromString(reply));
  EXPECT_EQ(response.outputs(0).shape(0), 4);
  ASSERT_EQ(response.raw_output_contents_size(), 1);
  EXPECT_EQ(response.raw_output_contents(0), "");
}

TEST_F(KserveCallSharedMemoryTest, OthersHaveRawContentsInTheirOrder) {
  auto& second = *request_.add_inputs();
  second.set_name("z");
  second.set_datatype("UINT8");
  second.add_shape(2);
  EXPECT_THAT(ReadError(), HasSubstr("'z'")) << "it has neither";
  request_.add_raw_input_contents("zz");
  EXPECT_EQ(ReadError(), "");
  request_.add_raw_input_contents("zz");
  EXPECT_THAT(ReadError(), HasSubstr("raw_input_contents has 2 entries for 2 inputs"));
}

TEST_F(KserveCallSharedMemoryTest, WhatIsWrongIsSaid) {
  Place(*request_.mutable_inputs(0)->mutable_parameters(), 8, 2);
  EXPECT_THAT(ReadError(), HasSubstr("need 3 bytes in shared memory, got 2"));
  Place(*request_.mutable_inputs(0)->mutable_parameters(), 62, 3);
  EXPECT_THAT(ReadError(), HasSubstr("input 'x'"));
  Place(*request_.mutable_inputs(0)->mutable_parameters(), 8, 3);
  Place(*request_.mutable_outputs(0)->mutable_parameters(), 32, 3);
  const std::string message = request_.SerializeAsString();
  KserveCall call(shared_memory_);
  ASSERT_TRUE(call.Read(std::as_bytes(std::span(message))).ok());
  const int64_t shape[] = {4};
  const auto memory = call.outputs().Reserve(0, {.name = "y", .type = ElementType::kU8}, shape, 4);
  EXPECT_THAT(std::string(memory.status().message()), HasSubstr("output 'y' has 4 bytes"));
  (*request_.mutable_outputs(0)->mutable_parameters())["shared_memory_region"].set_string_param("nobody");
  EXPECT_THAT(ReadError(), HasSubstr("output 'y': there is no region 'nobody'"));
}

TEST_F(KserveCallSharedMemoryTest, Bytes) {
  object_.Write(8, std::string_view("\2\0\0\0hi", 6));
  request_.mutable_inputs(0)->set_datatype("BYTES");
  request_.mutable_inputs(0)->set_shape(0, 1);
  Place(*request_.mutable_inputs(0)->mutable_parameters(), 8, 5);
  EXPECT_THAT(ReadError(), HasSubstr("input 'x': datatype BYTES and shape [1]: element 0 of 1 is cut off"));
  Place(*request_.mutable_inputs(0)->mutable_parameters(), 8, 6);
  Place(*request_.mutable_outputs(0)->mutable_parameters(), 32, 7);
  const std::string message = request_.SerializeAsString();
  KserveCall call(shared_memory_);
  ASSERT_TRUE(call.Read(std::as_bytes(std::span(message))).ok());
  EXPECT_EQ(call.request().inputs[0].strings[0], "hi");
  const int64_t shape[] = {1};
  const TensorInfo y{.name = "y", .type = ElementType::kString};
  const std::string values[] = {"yes"}, too_long[] = {"long"};
  EXPECT_THAT(std::string(call.outputs().PutStrings(0, y, shape, too_long).message()),
              HasSubstr("output 'y' has 8 bytes, its place in shared memory 7"));
  ASSERT_TRUE(call.outputs().PutStrings(0, y, shape, values).ok());
  ASSERT_TRUE(call.Finish(InferResult{.version = 3}).ok());
  EXPECT_EQ(object_.Read(32, 8), std::string_view("\3\0\0\0yes.", 8));
}

TEST_F(KserveCallSharedMemoryTest, MemoryThatWasTakenAwayIsAnError) {
  const std::string message = request_.SerializeAsString();
  KserveCall call(shared_memory_);
  ASSERT_TRUE(call.Read(std::as_bytes(std::span(message))).ok());
  const int64_t shape[] = {4};
  ASSERT_TRUE(call.outputs().Reserve(0, {.name = "y", .type = ElementType::kU8}, shape, 4).ok());
  object_.Resize(0);
  const absl::Status status = call.Finish(InferResult{.version = 3}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("output 'y': the shared memory /"));
  KserveCall next(shared_memory_);
  const absl::Status at_once = next.Read(std::as_bytes(std::span(message)));
  EXPECT_TRUE(absl::IsFailedPrecondition(at_once));
  EXPECT_THAT(std::string(at_once.message()), HasSubstr("input 'x': the shared memory /"));
}

}  // namespace
}  // namespace lamina::server
