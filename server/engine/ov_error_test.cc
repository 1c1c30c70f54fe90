#include "server/engine/ov_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <new>
#include <stdexcept>
#include <system_error>

#include "openvino/core/except.hpp"

namespace lamina::server {
namespace {

absl::Status Thrown(const std::function<void()>& call, absl::StatusCode otherwise = absl::StatusCode::kInternal) {
  return CatchOv("model 'm' version 1", otherwise, call);
}

TEST(OvErrorTest, MemoryThatRanOutIsNoFaultOfTheServer) {
  const char* const sentence =
      "model 'm' version 1: the server's memory ran out; ask for less at a time or later, or give the server more "
      "memory";
  const auto plain = [] { throw std::bad_alloc(); };
  const auto by_the_engine = [] { OPENVINO_THROW("Exception from src/inference/x.cpp:1:\n", std::bad_alloc().what()); };
  const auto of_threads = [] {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  };
  const auto of_the_engine = [] { OPENVINO_THROW("[CPU] Tile node: Failed to allocate 800000000 bytes of memory"); };
  for (const std::function<void()>& call : {std::function<void()>(plain), std::function<void()>(by_the_engine),
                                            std::function<void()>(of_threads), std::function<void()>(of_the_engine)}) {
    EXPECT_EQ(Thrown(call), absl::ResourceExhaustedError(sentence));
  }
}

TEST(OvErrorTest, KnowsWhatALayerRefused) {
  const absl::Status refused = Thrown([] { OPENVINO_THROW("layer 'L': no 9, please [INVALID_ARGUMENT]"); });
  EXPECT_TRUE(IsOfLayer(refused));
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(IsOfLayer(Thrown([] { OPENVINO_THROW("layer 'L': too much [RESOURCE_EXHAUSTED]"); })));
  EXPECT_FALSE(IsOfLayer(Thrown([] { OPENVINO_THROW("no"); })));
}

TEST(OvErrorTest, OtherwiseWhatTheCallerSays) {
  const auto call = [] { throw std::runtime_error("no"); };
  EXPECT_EQ(Thrown(call), absl::InternalError("model 'm' version 1: no"));
  EXPECT_EQ(Thrown(call, absl::StatusCode::kFailedPrecondition),
            absl::FailedPreconditionError("model 'm' version 1: no"));
}

}  // namespace
}  // namespace lamina::server
