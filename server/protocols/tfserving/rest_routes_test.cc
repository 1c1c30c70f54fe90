#include "server/protocols/tfserving/rest_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "server/protocols/http/fake_core.h"
#include "server/protocols/http/testing.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;

class TfRestTest : public ::testing::Test {
 protected:
  TfRestTest() { AddTfServingRoutes(core_, router_); }

  testing::Reply Send(const testing::SentRequest& request) const {
    return testing::Send([this](auto exchange) { router_.Handle(std::move(exchange)); }, request);
  }
  testing::Reply Get(const std::string& path) const { return Send({.path = path}); }
  testing::Reply Predict(const std::string& body, const std::string& model = "m") const {
    return Send({.method = "POST", .path = "/v1/models/" + model + ":predict", .body = body});
  }

  testing::FakeCore core_;
  Router router_;
};

TEST_F(TfRestTest, Rows) {
  for (const char* model : {"m", "m/versions/3", "m/versions/0", "m/labels/stable"})
    EXPECT_EQ(Predict(R"({"instances":[[1,2],[3,4.5]]})", model).body, R"({"predictions":[[1.0,2.0],[3.0,4.5]]})")
        << model;
  EXPECT_EQ(Predict(R"({"instances":[[1]]})").body, R"({"predictions":[[1.0]]})");
  EXPECT_EQ(Predict(R"({"instances":[{"x":5}]})").body, R"({"predictions":[5.0]})")
      << "without a dimension beside the rows";
  core_.Serve({{"a", ElementType::kI32}, {"s", ElementType::kString}});
  EXPECT_EQ(Predict(R"({"instances":[{"a":[1,2],"s":"u"},{"a":[3,4],"s":"v"}]})").body,
            R"({"predictions":[{"a":[1,2],"s":"u"},{"a":[3,4],"s":"v"}]})");
}

TEST_F(TfRestTest, Columns) {
  EXPECT_EQ(Predict(R"({"inputs":[[1,2]]})").body, R"({"outputs":[[1.0,2.0]]})");
  EXPECT_EQ(Predict(R"({"inputs":3})").body, R"({"outputs":3.0})") << "a scalar";
  core_.Serve({{"a", ElementType::kBool}, {"b", ElementType::kU8}});
  EXPECT_EQ(Predict(R"({"inputs":{"a":[true],"b":[[7],[8]]}})").body, R"({"outputs":{"a":[true],"b":[[7],[8]]}})");
}

TEST_F(TfRestTest, BytesGoOutInBase64WhereTheNameSaysSo) {
  core_.Serve({{"s", ElementType::kString}});
  EXPECT_EQ(Predict(R"({"instances":["ä",{"b64":"YQ=="}]})").body, R"({"predictions":["ä","a"]})");
  const testing::Reply reply = Predict(R"({"instances":[{"b64":"/w=="}]})");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("output 's': element 0 of 1 is not UTF-8"));
  core_.Serve({{"image_bytes", ElementType::kString}});
  EXPECT_EQ(Predict(R"({"instances":[{"b64":"/w=="}]})").body, R"({"predictions":[{"b64":"/w=="}]})");
}

TEST_F(TfRestTest, HalvesAreNumbersHere) {
  core_.Serve({{"h", ElementType::kF16}, {"b", ElementType::kBF16}});
  EXPECT_EQ(Predict(R"({"inputs":{"h":[0.5],"b":[-2]}})").body, R"({"outputs":{"h":[0.5],"b":[-2.0]}})");
}

TEST_F(TfRestTest, RowsNeedOneFirstDimension) {
  core_.compute = [](const InferRequest&, OutputSink& sink) {
    const int64_t two[] = {2};
    const int64_t three[] = {3};
    if (const auto y = sink.Reserve(0, {.name = "y", .type = ElementType::kU8}, two, 2); !y.ok()) return y.status();
    return sink.Reserve(1, {.name = "z", .type = ElementType::kU8}, three, 3).status();
  };
  const testing::Reply reply = Predict(R"({"instances":[[1,2]]})");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("Tensor name: z has inconsistent batch size: its shape is [3], that of y is [2]"));
  EXPECT_EQ(Predict(R"({"inputs":[[1,2]]})").status, 200);
  core_.compute = [](const InferRequest&, OutputSink& sink) {
    const auto y = sink.Reserve(0, {.name = "y", .type = ElementType::kU8}, {}, 1);
    (*y)[0] = std::byte{4};
    return y.status();
  };
  EXPECT_EQ(Predict(R"({"instances":[[1,2]]})").status, 400);
  EXPECT_EQ(Predict(R"({"inputs":[[1,2]]})").body, R"({"outputs":4})");
}

TEST_F(TfRestTest, WhatIsNotThere) {
  const char* const kBody = R"({"instances":[[1,2]]})";
  EXPECT_EQ(Predict(kBody, "nobody").status, 404);
  EXPECT_EQ(Predict(kBody, "nobody").body, R"-({"error":"Servable not found for request: Specific(nobody, 0)"})-");
  EXPECT_EQ(Predict("no JSON", "nobody").status, 404) << "the model first: the body cannot be read without it";
  EXPECT_EQ(Predict(kBody, "m/versions/5").body, R"-({"error":"Servable not found for request: Specific(m, 5)"})-");
  EXPECT_EQ(Predict(kBody, "m/labels/canary").status, 404);
  for (const char* version : {"x", "-1", "1x", "99999999999999999999"}) {
    EXPECT_EQ(Predict(kBody, std::string("m/versions/") + version).status, 400) << version;
    EXPECT_EQ(Get(std::string("/v1/models/m/versions/") + version).status, 400);
  }
  EXPECT_EQ(Get("/v1/models/nobody").status, 404);
  EXPECT_EQ(Get("/v1/models/nobody/metadata").status, 404);
  EXPECT_EQ(Get("/v1/models/m:predict").status, 405);
  EXPECT_EQ(Get("/v1/models/m:predict").Header("allow"), "POST");
}

TEST_F(TfRestTest, BadBodies) {
  EXPECT_EQ(Predict("{").status, 400);
  EXPECT_THAT(Predict("{").body, HasSubstr("Invalid JSON in request body: "));
  EXPECT_THAT(Predict(R"({"instances":["a"]})").body, HasSubstr("Invalid inputs in request body: "));
}

std::string WithoutSpace(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

TEST_F(TfRestTest, Status) {
  EXPECT_EQ(
      WithoutSpace(Get("/v1/models/m/versions/3").body),
      R"({"model_version_status":[{"version":"3","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]})");
  EXPECT_THAT(Get("/v1/models/m").body, HasSubstr("Error occurred while loading version: no layer X"));
  EXPECT_THAT(WithoutSpace(Get("/v1/models/m").body), HasSubstr(R"("state":"END","status":{"error_code":"UNKNOWN")"));
  EXPECT_EQ(Get("/v1/models/m/labels/stable").status, 200);
}

TEST_F(TfRestTest, Metadata) {
  for (const char* model : {"m", "m/versions/3", "m/labels/stable"}) {
    const testing::Reply reply = Get(std::string("/v1/models/") + model + "/metadata");
    EXPECT_EQ(reply.status, 200);
    const std::string body = WithoutSpace(reply.body);
    EXPECT_THAT(body, HasSubstr(R"("modelSpec":{"name":"m")"));
    EXPECT_THAT(body, HasSubstr(R"("version":"3")"));
    EXPECT_THAT(
        body,
        HasSubstr(
            R"("metadata":{"signature_def":{"@type":"type.googleapis.com/tensorflow.serving.SignatureDefMap","signatureDef":{"serving_default":{)"));
    EXPECT_THAT(body, HasSubstr(R"("x":{"dtype":"DT_FLOAT","tensorShape":{"dim":[{"size":"-1")"));
    EXPECT_THAT(body, HasSubstr(R"("methodName":"tensorflow/serving/predict")"));
  }
}

}  // namespace
}  // namespace lamina::server
