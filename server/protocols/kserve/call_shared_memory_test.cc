#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "proto/kserve/inference.pb.h"
#include "server/protocols/kserve/call.h"

namespace lamina::server {
namespace {

using inference::ModelInferRequest;
using ::testing::HasSubstr;

/// A registered region "r" of 64 bytes, and a request whose input x, UINT8 [3], lies at its byte 8 and whose output y
/// goes to its byte 32, where 4 bytes are.
class KserveCallSharedMemoryTest : public ::testing::Test {
 protected:
  KserveCallSharedMemoryTest() : key_("/lamina_call_test_" + std::to_string(getpid())) {
    file_ = shm_open(key_.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600);
    const std::string bytes = "01234567abc" + std::string(53, '.');
    EXPECT_EQ(write(file_, bytes.data(), bytes.size()), 64);
    EXPECT_TRUE(shared_memory_.Register({.name = "r", .key = key_, .offset = 0, .byte_size = 64}).ok());
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
  ~KserveCallSharedMemoryTest() override {
    close(file_);
    shm_unlink(key_.c_str());
  }

  static void Place(google::protobuf::Map<std::string, inference::InferParameter>& parameters, int64_t offset,
                    int64_t byte_size) {
    parameters["shared_memory_region"].set_string_param("r");
    parameters["shared_memory_offset"].set_int64_param(offset);
    parameters["shared_memory_byte_size"].set_int64_param(byte_size);
  }

  std::string InRegion(off_t position, size_t size) const {
    std::string bytes(size, 0);
    EXPECT_EQ(pread(file_, bytes.data(), size, position), static_cast<ssize_t>(size));
    return bytes;
  }

  std::string ReadError() {
    const std::string message = request_.SerializeAsString();
    KserveCall call(shared_memory_);
    return std::string(call.Read(std::as_bytes(std::span(message))).message());
  }

  const std::string key_;
  int file_;
  SharedMemory shared_memory_;
  ModelInferRequest request_;
};

TEST_F(KserveCallSharedMemoryTest, ThereAndBack) {
  const std::string message = request_.SerializeAsString();
  KserveCall call(shared_memory_);
  ASSERT_TRUE(call.Read(std::as_bytes(std::span(message))).ok());
  EXPECT_EQ(pwrite(file_, "xyz", 3, 8), 3) << "what a client changes now is not what was checked";
  const InputTensor& x = call.request().inputs[0];
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(x.data.data()), x.data.size()), "abc");
  const int64_t shape[] = {4};
  const auto memory = call.outputs().Reserve(0, {.name = "y", .type = ElementType::kU8}, shape, 4);
  ASSERT_TRUE(memory.ok());
  std::memcpy(memory->data(), "done", 4);
  EXPECT_EQ(InRegion(31, 6), "......");
  const auto pieces = call.Finish(InferResult{.version = 3});
  ASSERT_TRUE(pieces.ok());
  EXPECT_EQ(InRegion(31, 6), ".done.");
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

TEST_F(KserveCallSharedMemoryTest, MemoryThatWasTakenAwayIsAnError) {
  const std::string message = request_.SerializeAsString();
  KserveCall call(shared_memory_);
  ASSERT_TRUE(call.Read(std::as_bytes(std::span(message))).ok());
  const int64_t shape[] = {4};
  ASSERT_TRUE(call.outputs().Reserve(0, {.name = "y", .type = ElementType::kU8}, shape, 4).ok());
  ASSERT_EQ(ftruncate(file_, 0), 0);
  EXPECT_THAT(std::string(call.Finish(InferResult{.version = 3}).status().message()), HasSubstr("output 'y'"));
}

}  // namespace
}  // namespace lamina::server
