#include "server/protocols/kserve/stream_infer.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/kserve/inference.pb.h"
#include "server/protocols/grpc/testing.h"
#include "server/protocols/http/fake_core.h"

namespace lamina::server {
namespace {

Bytes Request(const std::string& id, float value, const char* model = "m") {
  inference::ModelInferRequest request;
  request.set_model_name(model);
  request.set_id(id);
  auto& input = *request.add_inputs();
  input.set_name("x");
  input.set_datatype("FP32");
  input.add_shape(1);
  request.add_raw_input_contents(std::string(reinterpret_cast<const char*>(&value), sizeof(value)));
  return Bytes(std::string_view(request.SerializeAsString()));
}

class StreamInferTest : public ::testing::Test {
 protected:
  StreamInferTest() : reader_(KserveStreamHandler(core_)(std::make_shared<FakeStream>(answer_))) {}

  inference::ModelStreamInferResponse Response(size_t index) const {
    inference::ModelStreamInferResponse response;
    EXPECT_TRUE(response.ParseFromString(answer_.messages.at(index)));
    return response;
  }

  testing::FakeCore core_;
  FakeAnswer answer_;
  const std::unique_ptr<GrpcReader> reader_;
};

TEST_F(StreamInferTest, EachMessageIsAnsweredAndAnErrorEndsNothing) {
  reader_->OnMessage(Request("a", 1), nullptr);
  reader_->OnMessage(Request("b", 2, "nobody"), nullptr);
  reader_->OnMessage(Bytes(std::string_view("no message")), nullptr);
  reader_->OnMessage(Request("c", 3), nullptr);
  ASSERT_EQ(answer_.messages.size(), 4u);
  EXPECT_EQ(Response(0).error_message(), "");
  EXPECT_EQ(Response(0).infer_response().id(), "a");
  EXPECT_EQ(Response(0).infer_response().raw_output_contents_size(), 1);
  EXPECT_NE(Response(1).error_message().find("Servable not found"), std::string::npos);
  EXPECT_EQ(Response(1).infer_response().id(), "b");
  EXPECT_NE(Response(2).error_message().find("is no inference.ModelInferRequest"), std::string::npos);
  EXPECT_EQ(Response(3).infer_response().id(), "c");
  EXPECT_EQ(core_.last_origin.method, Method::kModelStreamInfer);
  EXPECT_FALSE(answer_.status.has_value());
  reader_->OnHalfClose();
  EXPECT_EQ(answer_.status, absl::OkStatus());
}

TEST_F(StreamInferTest, WhatArrivesWhileOneRunsWaitsItsTurn) {
  int round = 0;
  core_.compute = [&](const InferRequest&, OutputSink&) {
    // Far more than a stack of frames would hold if each ran within the end of the one before.
    if (round++ == 0) {
      for (int i = 0; i < 100000; ++i) reader_->OnMessage(Request(std::to_string(i), 0), nullptr);
      reader_->OnHalfClose();
    }
    EXPECT_EQ(answer_.messages.size(), static_cast<size_t>(round - 1));
    return absl::OkStatus();
  };
  reader_->OnMessage(Request("first", 0), nullptr);
  ASSERT_EQ(answer_.messages.size(), 100001u);
  EXPECT_EQ(Response(0).infer_response().id(), "first");
  EXPECT_EQ(Response(100000).infer_response().id(), "99999");
  EXPECT_EQ(answer_.status, absl::OkStatus());
}

}  // namespace
}  // namespace lamina::server
