#include "server/protocols/kserve/rest_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "server/protocols/http/fake_core.h"
#include "server/protocols/http/testing.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;

class KserveRestTest : public ::testing::Test {
 protected:
  KserveRestTest() { AddKserveRoutes(core_, router_); }

  testing::Reply Send(const testing::SentRequest& request) const {
    return testing::Send([this](auto exchange) { router_.Handle(std::move(exchange)); }, request);
  }
  testing::Reply Get(const std::string& path) const { return Send({.path = path}); }
  testing::Reply Infer(const std::string& body, const std::string& path = "/v2/models/m/infer") const {
    return Send({.method = "POST", .path = path, .body = body});
  }

  testing::FakeCore core_;
  Router router_;
};

constexpr char kTiny[] = R"({"id":"7","inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2.5]}]})";

TEST_F(KserveRestTest, Server) {
  EXPECT_THAT(Get("/v2").body, HasSubstr(R"({"name":"lamina","version":")"));
  EXPECT_THAT(Get("/v2").body,
              HasSubstr(R"("extensions":["binary_tensor_data","model_configuration","model_repository","statistics",)"
                        R"("system_shared_memory"]})"));
  EXPECT_EQ(Get("/v2/health/live").body, R"({"live":true})");
  EXPECT_EQ(Get("/v2/health/ready").body, R"({"ready":true})");
  core_.live = core_.ready = false;
  EXPECT_EQ(Get("/v2/health/live").status, 503);
  EXPECT_EQ(Get("/v2/health/ready").status, 503);
  EXPECT_EQ(Get("/v2/health/ready").body, R"({"ready":false})");
}

TEST_F(KserveRestTest, Model) {
  for (const char* path : {"/v2/models/m", "/v2/models/m/versions/3", "/v2/models/m/versions/stable"}) {
    EXPECT_EQ(Get(path).body, R"({"name":"m","versions":["3"],"platform":"onnx",)"
                              R"("inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],)"
                              R"("outputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}]})");
    EXPECT_EQ(Get(std::string(path) + "/ready").body, R"({"name":"m","ready":true})");
  }
  core_.Serve({{"a", ElementType::kString}});
  EXPECT_THAT(Get("/v2/models/m").body, HasSubstr(R"({"name":"a","datatype":"BYTES","shape":[-1]})"));
}

TEST_F(KserveRestTest, WhatColumnsStandFor) {
  auto signature = std::make_shared<Signature>(*core_.metadata.signature);
  signature->properties = {{"lamina.classes.x", R"(["no","yes"])"}};
  core_.metadata.signature = signature;
  EXPECT_THAT(Get("/v2/models/m").body, HasSubstr(R"("properties":{"lamina.classes.x":"[\"no\",\"yes\"]"}})"));
  EXPECT_THAT(Get("/v2/models/m/config").body,
              HasSubstr(R"("parameters":{"lamina.classes.x":{"string_value":"[\"no\",\"yes\"]"}}})"));
}

TEST_F(KserveRestTest, AModelThatIsNotThere) {
  for (const char* end : {"", "/ready"}) {
    const testing::Reply reply = Get(std::string("/v2/models/nobody") + end);
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.body, R"-({"error":"Servable not found for request: Specific(nobody, 0)"})-");
    EXPECT_EQ(Get(std::string("/v2/models/m/versions/9") + end).status, 404);
  }
  EXPECT_EQ(Infer(kTiny, "/v2/models/m/versions/9/infer").body,
            R"-({"error":"Servable not found for request: Specific(m, 9)"})-");
  for (const char* name : {"..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "a%00b", "%FF"})
    EXPECT_EQ(Get(std::string("/v2/models/") + name).status, 404) << name;
}

TEST_F(KserveRestTest, Config) {
  const std::string config = R"({"name":"m","platform":"onnx","backend":"openvino","max_batch_size":0,)"
                             R"("input":[{"name":"x","data_type":"TYPE_FP32","dims":[-1,2]}],)"
                             R"("output":[{"name":"x","data_type":"TYPE_FP32","dims":[-1,2]}]})";
  EXPECT_EQ(Get("/v2/models/m/config").body, config);
  EXPECT_EQ(Get("/v2/models/m/versions/3/config").body, config);
  EXPECT_EQ(Get("/v2/models/nobody/config").status, 404);
}

TEST_F(KserveRestTest, CallsAreCounted) {
  Get("/v2/models/m");
  Get("/v2/models/m/ready");
  Get("/v2/models/nobody");
  ASSERT_EQ(core_.counted.size(), 3u);
  for (const auto& [origin, ok] : core_.counted) EXPECT_EQ(origin.interface, Interface::kRest);
  EXPECT_EQ(core_.counted[0].first.method, Method::kModelMetadata);
  EXPECT_TRUE(core_.counted[0].second);
  EXPECT_EQ(core_.counted[1].first.method, Method::kModelReady);
  EXPECT_FALSE(core_.counted[2].second);
}

TEST_F(KserveRestTest, InferInJson) {
  const testing::Reply reply = Infer(kTiny);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.Header("inference-header-content-length"), "");
  EXPECT_EQ(reply.body, R"({"model_name":"m","model_version":"3","id":"7","outputs":[)"
                        R"({"name":"x","datatype":"FP32","shape":[1,2],"data":[1.0,2.5]}]})");
  EXPECT_EQ(Infer(kTiny, "/v2/models/m/versions/stable/infer").status, 200);
}

TEST_F(KserveRestTest, BinaryBothWays) {
  core_.Serve({{"a", ElementType::kF32}, {"s", ElementType::kString}, {"j", ElementType::kI64}});
  const std::string json = R"({"parameters":{"binary_data_output":true},
      "inputs":[{"name":"a","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},
                {"name":"s","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":10}},
                {"name":"j","shape":[1],"datatype":"INT64","data":[5]}],
      "outputs":[{"name":"s"},{"name":"j","parameters":{"binary_data":false}},{"name":"a"}]})";
  const std::string numbers("\0\0\x80\x3F\0\0\0\x40", 8);
  const std::string strings("\0\0\0\0\2\0\0\0\xFF!", 10);
  const testing::Reply reply = Send({.method = "POST",
                                     .path = "/v2/models/m/infer",
                                     .body = json + numbers + strings,
                                     .headers = {{"inference-header-content-length", std::to_string(json.size())}}});
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.content_type, "application/octet-stream");
  const std::string expected = R"({"model_name":"m","model_version":"3","outputs":[)"
                               R"({"name":"s","datatype":"BYTES","shape":[2],"parameters":{"binary_data_size":10}},)"
                               R"({"name":"j","datatype":"INT64","shape":[1],"data":[5]},)"
                               R"({"name":"a","datatype":"FP32","shape":[2],"parameters":{"binary_data_size":8}}]})";
  EXPECT_EQ(reply.body, expected + strings + numbers);
  EXPECT_EQ(reply.Header("inference-header-content-length"), std::to_string(expected.size()));
}

TEST_F(KserveRestTest, OutputsThatJsonCannotHold) {
  core_.compute = [](const InferRequest&, OutputSink& sink) {
    const int64_t shape[] = {1};
    return sink.Reserve(0, {.name = "h", .type = ElementType::kF16}, shape, 2).status();
  };
  EXPECT_EQ(Infer(kTiny).status, 400);
  EXPECT_THAT(Infer(kTiny).body,
              HasSubstr("output 'h' is FP16, which has no form in JSON; ask for it with binary_data"));
  core_.compute = [](const InferRequest&, OutputSink& sink) {
    const int64_t shape[] = {1};
    const std::string values[] = {"\xFF"};
    return sink.PutStrings(0, {.name = "s", .type = ElementType::kString}, shape, values);
  };
  EXPECT_EQ(Infer(kTiny).status, 400);
  EXPECT_THAT(Infer(kTiny).body, HasSubstr("output 's': element 0 of 1 is not UTF-8"));
}

TEST_F(KserveRestTest, NotANumberGoesOut) {
  core_.compute = [](const InferRequest&, OutputSink& sink) {
    const int64_t shape[] = {2};
    const float values[] = {NAN, -INFINITY};
    const auto memory = sink.Reserve(0, {.name = "y", .type = ElementType::kF32}, shape, sizeof(values));
    std::memcpy(memory->data(), values, sizeof(values));
    return absl::OkStatus();
  };
  EXPECT_THAT(Infer(kTiny).body, HasSubstr(R"("data":[NaN,-Infinity])"));
}

TEST_F(KserveRestTest, ErrorsOfTheCoreReachTheClient) {
  core_.compute = [](const InferRequest&, OutputSink&) { return absl::ResourceExhaustedError("1000 requests wait"); };
  EXPECT_EQ(Infer(kTiny).status, 429);
  EXPECT_EQ(Infer(kTiny).body, R"({"error":"1000 requests wait"})");
  EXPECT_EQ(Infer("{").status, 400);
}

TEST_F(KserveRestTest, ATimeoutIsADeadline) {
  Infer(R"({"inputs":[],"parameters":{"timeout":5000000}})");
  const auto left = core_.last_deadline - std::chrono::steady_clock::now();
  EXPECT_GT(left, std::chrono::seconds(3));
  EXPECT_LE(left, std::chrono::seconds(5));
  Infer(kTiny);
  EXPECT_EQ(core_.last_deadline, std::chrono::steady_clock::time_point::max());
}

}  // namespace
}  // namespace lamina::server
