#include "server/protocols/grpc/grpc_status.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

TEST(GrpcStatusTest, CodesAndMessagesStay) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  const struct {
    absl::StatusCode from;
    grpc::StatusCode to;
  } kCodes[] = {{absl::StatusCode::kInvalidArgument, grpc::StatusCode::INVALID_ARGUMENT},
                {absl::StatusCode::kNotFound, grpc::StatusCode::NOT_FOUND},
                {absl::StatusCode::kDeadlineExceeded, grpc::StatusCode::DEADLINE_EXCEEDED},
                {absl::StatusCode::kResourceExhausted, grpc::StatusCode::RESOURCE_EXHAUSTED},
                {absl::StatusCode::kUnavailable, grpc::StatusCode::UNAVAILABLE},
                {absl::StatusCode::kUnauthenticated, grpc::StatusCode::UNAUTHENTICATED}};
  for (const auto& [from, to] : kCodes) {
    const grpc::Status status = ToGrpcStatus(absl::Status(from, "why"));
    EXPECT_EQ(status.error_code(), to);
    EXPECT_EQ(status.error_message(), "why");
  }
}

TEST(GrpcStatusTest, DeadlinesMoveToTheSteadyClock) {
  EXPECT_EQ(ToSteadyDeadline(system_clock::time_point::max()), steady_clock::time_point::max());
  const auto before = steady_clock::now();
  const auto deadline = ToSteadyDeadline(system_clock::now() + std::chrono::seconds(10));
  EXPECT_GE(deadline, before + std::chrono::seconds(9));
  EXPECT_LE(deadline, steady_clock::now() + std::chrono::seconds(10));
  EXPECT_LT(ToSteadyDeadline(system_clock::now() - std::chrono::seconds(1)), steady_clock::now());
}

}  // namespace
}  // namespace lamina::server
