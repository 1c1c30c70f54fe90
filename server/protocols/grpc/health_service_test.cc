#include "server/protocols/grpc/health_service.h"

#include <gtest/gtest.h>

#include "proto/grpc/health.pb.h"
#include "server/protocols/grpc/testing.h"

namespace lamina::server {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

HealthCheckRequest Request(const char* service) {
  HealthCheckRequest request;
  request.set_service(service);
  return request;
}

int StatusIn(const std::string& message) {
  HealthCheckResponse response;
  EXPECT_TRUE(response.ParseFromString(message));
  return response.status();
}

class HealthServiceTest : public testing::Test {
 protected:
  HealthServiceTest() { health_.AddTo(methods_); }

  FakeAnswer Check(const char* service) { return Ask(methods_, "/grpc.health.v1.Health/Check", Request(service)); }

  HealthService health_{{"a.Service"}};
  GrpcMethods methods_;
};

TEST_F(HealthServiceTest, ChecksTheServerAndItsServices) {
  for (const char* service : {"", "a.Service"}) {
    EXPECT_EQ(StatusIn(Check(service).messages.at(0)), HealthCheckResponse::NOT_SERVING);
  }
  health_.SetServing(true);
  for (const char* service : {"", "a.Service"}) {
    EXPECT_EQ(StatusIn(Check(service).messages.at(0)), HealthCheckResponse::SERVING);
  }
  const FakeAnswer other = Check("another");
  EXPECT_TRUE(absl::IsNotFound(*other.status)) << *other.status;
}

TEST_F(HealthServiceTest, WatchTellsOfChanges) {
  FakeAnswer watched, unknown;
  auto one = Begin(methods_, "/grpc.health.v1.Health/Watch", watched);
  one->OnMessage(Bytes(Request("a.Service").SerializeAsString()), nullptr);
  one->OnHalfClose();
  auto other = Begin(methods_, "/grpc.health.v1.Health/Watch", unknown);
  other->OnMessage(Bytes(Request("another").SerializeAsString()), nullptr);
  health_.SetServing(true);
  health_.SetServing(true);
  health_.SetServing(false);
  ASSERT_EQ(watched.messages.size(), 3u);
  EXPECT_EQ(StatusIn(watched.messages[0]), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(StatusIn(watched.messages[1]), HealthCheckResponse::SERVING);
  EXPECT_EQ(StatusIn(watched.messages[2]), HealthCheckResponse::NOT_SERVING);
  EXPECT_FALSE(watched.status) << "it goes on";
  ASSERT_EQ(unknown.messages.size(), 1u);
  EXPECT_EQ(StatusIn(unknown.messages[0]), HealthCheckResponse::SERVICE_UNKNOWN);
  one.reset();
  health_.SetServing(true);
  EXPECT_EQ(watched.messages.size(), 3u) << "its call has ended";
}

TEST_F(HealthServiceTest, WatchWithoutARequestIsAnError) {
  FakeAnswer answer;
  Begin(methods_, "/grpc.health.v1.Health/Watch", answer)->OnHalfClose();
  EXPECT_TRUE(absl::IsInvalidArgument(answer.status.value()));
}

}  // namespace
}  // namespace lamina::server
