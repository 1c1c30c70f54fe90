#include "server/engine/ov_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <new>
#include <stdexcept>

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
  const auto of_the_engine = [] { OPENVINO_THROW("[CPU] Tile node: Failed to allocate 800000000 bytes of memory"); };
  for (const std::function<void()>& call :
       {std::function<void()>(plain), std::function<void()>(by_the_engine), std::function<void()>(of_the_engine)}) {
    EXPECT_EQ(Thrown(call), absl::ResourceExhaustedError(sentence));
  }
}

TEST(OvErrorTest, OtherwiseWhatTheCallerSays) {
  const auto call = [] { throw std::runtime_error("no"); };
  EXPECT_EQ(Thrown(call), absl::InternalError("model 'm' version 1: no"));
  EXPECT_EQ(Thrown(call, absl::StatusCode::kFailedPrecondition),
            absl::FailedPreconditionError("model 'm' version 1: no"));
}

}  // namespace
}  // namespace lamina::server
