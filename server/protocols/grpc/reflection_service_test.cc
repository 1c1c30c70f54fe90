#include "server/protocols/grpc/reflection_service.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "proto/grpc/reflection_v1.pb.h"
#include "server/protocols/grpc/testing.h"

namespace lamina::server {
namespace {

using grpc::reflection::v1::ServerReflectionRequest;
using grpc::reflection::v1::ServerReflectionResponse;

class ReflectionServiceTest : public testing::Test {
 protected:
  ReflectionServiceTest() {
    methods_.Add("a.Service", "Call", GrpcUnaryHandler());
    AddReflectionMethods(methods_);
  }

  ServerReflectionResponse Ask(const ServerReflectionRequest& request) {
    FakeAnswer answer;
    auto reader = Begin(methods_, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", answer);
    reader->OnMessage(Bytes(request.SerializeAsString()), nullptr);
    EXPECT_FALSE(answer.status) << "it goes on";
    reader->OnHalfClose();
    EXPECT_TRUE(answer.status && answer.status->ok());
    ServerReflectionResponse response;
    EXPECT_TRUE(response.ParseFromString(answer.messages.at(0)));
    return response;
  }

  GrpcMethods methods_;
};

TEST_F(ReflectionServiceTest, ListsTheServices) {
  ServerReflectionRequest request;
  request.set_list_services("*");
  std::vector<std::string> names;
  const ServerReflectionResponse response = Ask(request);
  for (const auto& service : response.list_services_response().service()) names.push_back(service.name());
  EXPECT_THAT(names, testing::ElementsAre("a.Service", "grpc.reflection.v1.ServerReflection",
                                          "grpc.reflection.v1alpha.ServerReflection"));
}

TEST_F(ReflectionServiceTest, SendsAFileWithWhatItImports) {
  ServerReflectionRequest request;
  request.set_file_containing_symbol("tensorflow.serving.PredictionService");
  std::vector<std::string> files;
  const ServerReflectionResponse response = Ask(request);
  for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    ASSERT_TRUE(file.ParseFromString(bytes));
    files.push_back(file.name());
  }
  EXPECT_THAT(
      files, testing::IsSupersetOf({"proto/tensorflow_serving/services.proto", "proto/tensorflow_serving/predict.proto",
                                    "proto/tensorflow/tensor.proto"}));
}

TEST_F(ReflectionServiceTest, SaysWhatItDoesNotKnow) {
  ServerReflectionRequest request;
  request.set_file_by_filename("no.proto");
  EXPECT_THAT(Ask(request).error_response().error_message(), testing::HasSubstr("'no.proto'"));
  request.set_all_extension_numbers_of_type("grpc.reflection.v1.ExtensionRequest");
  EXPECT_EQ(Ask(request).all_extension_numbers_response().base_type_name(), "grpc.reflection.v1.ExtensionRequest");
}

}  // namespace
}  // namespace lamina::server
