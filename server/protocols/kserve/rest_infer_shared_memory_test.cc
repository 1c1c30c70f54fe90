#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/protocols/http/fake_core.h"
#include "server/protocols/http/testing.h"
#include "server/protocols/kserve/rest_routes.h"
#include "server/shared_memory/testing.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;

/// A registered region "r" of 64 bytes, of which some are "abc", and a model that gives its input back.
class KserveRestSharedMemoryTest : public ::testing::Test {
 protected:
  KserveRestSharedMemoryTest() {
    AddKserveRoutes(core_, router_);
    core_.Serve({{"x", ElementType::kU8}});
    EXPECT_TRUE(core_.shared_memory().Register({.name = "r", .key = object_.key(), .byte_size = 64}).ok());
  }

  static std::string Place(int offset, int byte_size, const std::string& region = "r") {
    return absl::StrCat(R"("parameters":{"shared_memory_byte_size":)", byte_size, R"(,"shared_memory_offset":)", offset,
                        R"(,"shared_memory_region":")", region, R"("})");
  }

  /// The input "x", whose elements `from` says, goes where `to` says.
  testing::Reply Infer(const std::string& type, int count, const std::string& from, const std::string& to) {
    const std::string body = absl::StrCat(R"({"inputs":[{"name":"x","datatype":")", type, R"(","shape":[)", count, "],",
                                          from, R"(}],"outputs":[{"name":"x",)", to, "}]}");
    return testing::Send([this](std::unique_ptr<HttpExchange> exchange) { router_.Handle(std::move(exchange)); },
                         {.method = "POST", .path = "/v2/models/m/infer", .body = body});
  }

  void Refuses(const testing::Reply& reply, int status, const std::string& message) const {
    EXPECT_EQ(reply.status, status);
    EXPECT_THAT(reply.body, HasSubstr(message));
    EXPECT_EQ(object_.Read(32, 32), std::string(32, '.'));
  }

  const testing::SharedObject object_{"01234567abc" + std::string(53, '.')};
  testing::FakeCore core_;
  Router router_;
};

TEST_F(KserveRestSharedMemoryTest, ThereAndBack) {
  const testing::Reply reply = Infer("UINT8", 3, Place(8, 3), Place(32, 5));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body,
            R"({"model_name":"m","model_version":"3","outputs":[{"name":"x","datatype":"UINT8","shape":[3],)"
            R"("parameters":{"shared_memory_region":"r","shared_memory_offset":32,"shared_memory_byte_size":3}}]})");
  EXPECT_EQ(object_.Read(31, 5), ".abc.");
}

TEST_F(KserveRestSharedMemoryTest, OneWayOnly) {
  EXPECT_THAT(Infer("UINT8", 3, Place(8, 3), R"("parameters":{})").body, HasSubstr(R"("data":[97,98,99])"));
  const testing::Reply binary = Infer("UINT8", 3, Place(8, 3), R"("parameters":{"binary_data":true})");
  EXPECT_THAT(binary.body, HasSubstr(R"("parameters":{"binary_data_size":3}}]}abc)"));
  EXPECT_EQ(Infer("UINT8", 2, R"("data":[104,105])", Place(62, 2)).status, 200);
  EXPECT_EQ(object_.Read(61, 3), ".hi");
}

TEST_F(KserveRestSharedMemoryTest, Bytes) {
  core_.Serve({{"x", ElementType::kString}});
  const std::string_view elements("\2\0\0\0\xFF!\0\0\0\0", 10);  // no text: it would not go into JSON
  object_.Write(8, elements);
  EXPECT_THAT(Infer("BYTES", 2, Place(8, 10), Place(32, 20)).body,
              HasSubstr(R"("shared_memory_offset":32,"shared_memory_byte_size":10})"));
  EXPECT_EQ(object_.Read(32, 11), std::string(elements) + ".");
  object_.Write(32, std::string(32, '.'));
  Refuses(Infer("BYTES", 2, Place(8, 9), Place(32, 20)), 400,
          "input 'x': datatype BYTES and shape [2]: element 1 of 2 is cut off at byte 6 of 9");
  Refuses(Infer("BYTES", 2, Place(8, 10), Place(32, 9)), 400, "output 'x' has 10 bytes, its place in shared memory 9");
}

TEST_F(KserveRestSharedMemoryTest, WhatJsonCannotHold) {
  core_.Serve({{"x", ElementType::kF16}});
  EXPECT_EQ(Infer("FP16", 1, Place(8, 2), Place(32, 2)).status, 200);
  EXPECT_EQ(object_.Read(32, 3), "ab.");
}

TEST_F(KserveRestSharedMemoryTest, WhatIsWrongIsSaid) {
  const std::string from = Place(8, 3), to = Place(32, 3);
  Refuses(Infer("UINT8", 3, Place(8, 2), to), 400,
          "input 'x': datatype UINT8 and shape [3] need 3 bytes in shared memory, got 2");
  Refuses(Infer("UINT8", 3, Place(62, 3), to), 400,
          "input 'x': the region 'r' of shared memory has 64 bytes: it holds no 3 bytes from 62");
  Refuses(Infer("UINT8", 3, Place(8, 3, "s"), to), 400, "input 'x': there is no region 's' of shared memory");
  Refuses(Infer("UINT8", 3, from, Place(62, 3)), 400, "output 'x': the region 'r' of shared memory has 64 bytes");
  Refuses(Infer("UINT8", 3, from, Place(32, 3, "s")), 400, "output 'x': there is no region 's' of shared memory");
  Refuses(Infer("UINT8", 3, from, Place(32, 2)), 400, "output 'x' has 3 bytes, its place in shared memory 2");
}

TEST_F(KserveRestSharedMemoryTest, MemoryThatWasTakenAwayIsAnError) {
  core_.compute = [this](const InferRequest& request, OutputSink& sink) {
    object_.Resize(0);
    return sink.Reserve(0, {.name = "x", .type = ElementType::kU8}, request.inputs[0].shape, 3).status();
  };
  const testing::Reply while_used = Infer("UINT8", 3, Place(8, 3), Place(32, 3));
  EXPECT_EQ(while_used.status, 412);
  EXPECT_THAT(while_used.body, HasSubstr("output 'x': the shared memory " + object_.key() + " was made shorter"));
  const testing::Reply before = Infer("UINT8", 3, Place(8, 3), R"("parameters":{})");
  EXPECT_EQ(before.status, 412);
  EXPECT_THAT(before.body, HasSubstr("input 'x': the shared memory " + object_.key() + " was made shorter"));
}

TEST_F(KserveRestSharedMemoryTest, ARegionThatIsUnregisteredStaysWhileItIsUsed) {
  core_.compute = [this](const InferRequest& request, OutputSink& sink) {
    core_.shared_memory().UnregisterAll();
    object_.Write(8, "xyz");  // what a client changes now is not what was checked
    const InputTensor& x = request.inputs[0];
    const auto memory = sink.Reserve(0, {.name = "x", .type = x.type}, x.shape, x.data.size());
    if (memory.ok()) std::memcpy(memory->data(), x.data.data(), x.data.size());
    return memory.status();
  };
  EXPECT_EQ(Infer("UINT8", 3, Place(8, 3), Place(32, 3)).status, 200);
  EXPECT_EQ(object_.Read(32, 3), "abc");
  object_.Write(32, "...");
  Refuses(Infer("UINT8", 3, Place(8, 3), Place(32, 3)), 400, "input 'x': there is no region 'r' of shared memory");
}

}  // namespace
}  // namespace lamina::server
