#include "server/protocols/http/http_status.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

TEST(HttpStatusTest, EveryCode) {
  const struct {
    absl::StatusCode code;
    int status;
  } kCodes[] = {{absl::StatusCode::kOk, 200},
                {absl::StatusCode::kCancelled, 499},
                {absl::StatusCode::kUnknown, 500},
                {absl::StatusCode::kInvalidArgument, 400},
                {absl::StatusCode::kDeadlineExceeded, 504},
                {absl::StatusCode::kNotFound, 404},
                {absl::StatusCode::kAlreadyExists, 409},
                {absl::StatusCode::kPermissionDenied, 403},
                {absl::StatusCode::kResourceExhausted, 429},
                {absl::StatusCode::kFailedPrecondition, 412},
                {absl::StatusCode::kAborted, 409},
                {absl::StatusCode::kOutOfRange, 400},
                {absl::StatusCode::kUnimplemented, 501},
                {absl::StatusCode::kInternal, 500},
                {absl::StatusCode::kUnavailable, 503},
                {absl::StatusCode::kDataLoss, 500},
                {absl::StatusCode::kUnauthenticated, 401}};
  for (const auto& [code, status] : kCodes) EXPECT_EQ(HttpStatus(code), status) << static_cast<int>(code);
}

TEST(HttpStatusTest, ErrorsAreJson) {
  const HttpResponse response = ErrorResponse(absl::NotFoundError("no \"x\"\n"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/json");
  ASSERT_EQ(response.body.size(), 1u);
  EXPECT_EQ(response.body[0].text(), R"({"error":"no \"x\"\n"})");
}

}  // namespace
}  // namespace lamina::server
