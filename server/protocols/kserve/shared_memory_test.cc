#include "server/protocols/kserve/shared_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lamina::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using Parameters = google::protobuf::Map<std::string, inference::InferParameter>;

/// As KserveCall does it: from an input's message.
absl::StatusOr<std::optional<SharedPlace>> ReadPlace(const Parameters& parameters, std::string_view tensor) {
  static std::string bytes;  // what is read are views of it
  inference::ModelInferRequest::InferInputTensor input;
  *input.mutable_parameters() = parameters;
  bytes = input.SerializeAsString();
  absl::InlinedVector<int64_t, 16> shape;
  return ReadSharedPlace(KserveInputMessage(std::as_bytes(std::span(bytes)), shape).parameters, tensor);
}

TEST(KserveSharedMemoryTest, APlaceOfATensor) {
  Parameters parameters;
  EXPECT_EQ(ReadPlace(parameters, "input 'x'")->has_value(), false);
  parameters["shared_memory_byte_size"].set_int64_param(64);
  EXPECT_THAT(std::string(ReadPlace(parameters, "input 'x'").status().message()),
              AllOf(HasSubstr("input 'x'"), HasSubstr("shared_memory_region")));
  parameters.erase("shared_memory_byte_size");
  parameters["shared_memory_region"].set_string_param("r");
  EXPECT_THAT(std::string(ReadPlace(parameters, "input 'x'").status().message()),
              AllOf(HasSubstr("input 'x'"), HasSubstr("shared_memory_byte_size")));
  parameters["shared_memory_byte_size"].set_int64_param(64);
  const auto place = ReadPlace(parameters, "input 'x'");
  ASSERT_TRUE(place.ok() && place->has_value());
  EXPECT_EQ((*place)->region, "r");
  EXPECT_EQ((*place)->byte_size, 64u);
  EXPECT_EQ((*place)->offset, 0u);
  parameters["shared_memory_offset"].set_uint64_param(128);
  EXPECT_EQ((*ReadPlace(parameters, "x"))->offset, 128u);
  parameters["shared_memory_offset"].set_int64_param(-1);
  EXPECT_THAT(std::string(ReadPlace(parameters, "x").status().message()), HasSubstr("shared_memory_offset"));
  parameters["shared_memory_region"].set_bool_param(true);
  EXPECT_THAT(std::string(ReadPlace(parameters, "x").status().message()), HasSubstr("shared_memory_region"));
}

TEST(KserveSharedMemoryTest, RegionsThereAndBack) {
  inference::SystemSharedMemoryRegisterRequest request;
  request.set_name("r");
  request.set_key("/key");
  request.set_offset(3);
  request.set_byte_size(4);
  const SharedMemory::Region region = ReadRegion(request);
  EXPECT_EQ(region, (SharedMemory::Region{"r", "/key", 3, 4}));
  inference::SystemSharedMemoryStatusResponse response;
  WriteSharedMemoryStatus({&region, 1}, response);
  ASSERT_EQ(response.regions_size(), 1);
  EXPECT_EQ(response.regions().at("r").ShortDebugString(), "name: \"r\" key: \"/key\" offset: 3 byte_size: 4");
}

}  // namespace
}  // namespace lamina::server
