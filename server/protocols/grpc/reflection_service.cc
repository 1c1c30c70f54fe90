#include "server/protocols/grpc/reflection_service.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "proto/grpc/reflection_v1.pb.h"
#include "proto/grpc/reflection_v1alpha.pb.h"
#include "server/protocols/grpc/grpc_messages.h"

namespace lamina::server {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

const DescriptorPool& Pool() { return *DescriptorPool::generated_pool(); }

/// The messages of v1 and v1alpha are alike but for their names.
struct V1 {
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
  static constexpr char kService[] = "grpc.reflection.v1.ServerReflection";
};
struct V1Alpha {
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
  static constexpr char kService[] = "grpc.reflection.v1alpha.ServerReflection";
};

template <typename Version>
class Reflection final : public GrpcReader {
 public:
  using Request = typename Version::Request;
  using Response = typename Version::Response;

  Reflection(std::shared_ptr<const std::vector<std::string>> services, std::shared_ptr<GrpcStream> stream)
      : services_(std::move(services)), stream_(std::move(stream)) {}

  void OnMessage(Bytes message, std::shared_ptr<void> /*hold*/) override {
    Request request;
    if (absl::Status status = ParseMessage(message.span(), request); !status.ok()) return stream_->Finish(status);
    Response response;
    response.set_valid_host(request.host());
    *response.mutable_original_request() = request;
    Answer(request, response);
    if (auto written = WriteMessage(response); written.ok()) stream_->Write(*std::move(written));
  }

  void OnHalfClose() override { stream_->Finish(absl::OkStatus()); }

 private:
  void Answer(const Request& request, Response& response) const {
    switch (request.message_request_case()) {
      case Request::kListServices:
        for (const std::string& name : *services_) {
          response.mutable_list_services_response()->add_service()->set_name(name);
        }
        return;
      case Request::kFileByFilename:
        return AddFile(Pool().FindFileByName(request.file_by_filename()), request.file_by_filename(), response);
      case Request::kFileContainingSymbol:
        return AddFile(Pool().FindFileContainingSymbol(request.file_containing_symbol()),
                       request.file_containing_symbol(), response);
      case Request::kFileContainingExtension:
        return AddFile(nullptr, request.file_containing_extension().containing_type(), response);
      case Request::kAllExtensionNumbersOfType:
        return AddExtensions(request.all_extension_numbers_of_type(), response);
      case Request::MESSAGE_REQUEST_NOT_SET:
        return SetError(absl::InvalidArgumentError("the request asks for nothing"), response);
    }
  }

  static void AddFile(const FileDescriptor* file, const std::string& what, Response& response) {
    if (file == nullptr) {
      return SetError(absl::NotFoundError(absl::StrCat("nothing is known of '", what, "'")), response);
    }
    std::set<const FileDescriptor*> added;
    AddWithImports(*file, added, response);
  }

  static void AddWithImports(const FileDescriptor& file, std::set<const FileDescriptor*>& added, Response& response) {
    if (!added.insert(&file).second) return;
    google::protobuf::FileDescriptorProto proto;
    file.CopyTo(&proto);
    response.mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
    for (int i = 0; i < file.dependency_count(); ++i) AddWithImports(*file.dependency(i), added, response);
  }

  /// Our messages have no extensions.
  static void AddExtensions(const std::string& type, Response& response) {
    if (Pool().FindMessageTypeByName(type) == nullptr) {
      return SetError(absl::NotFoundError(absl::StrCat("nothing is known of '", type, "'")), response);
    }
    response.mutable_all_extension_numbers_response()->set_base_type_name(type);
  }

  static void SetError(const absl::Status& status, Response& response) {
    response.mutable_error_response()->set_error_code(static_cast<int>(status.code()));
    response.mutable_error_response()->set_error_message(std::string(status.message()));
  }

  const std::shared_ptr<const std::vector<std::string>> services_;
  const std::shared_ptr<GrpcStream> stream_;
};

template <typename Version>
GrpcStreamHandler Handler(std::shared_ptr<const std::vector<std::string>> services) {
  return [services = std::move(services)](std::shared_ptr<GrpcStream> stream) {
    return std::make_unique<Reflection<Version>>(services, std::move(stream));
  };
}

}  // namespace

void AddReflectionMethods(GrpcMethods& methods) {
  std::vector<std::string> names = methods.services();
  names.insert(names.end(), {V1::kService, V1Alpha::kService});
  const auto services = std::make_shared<const std::vector<std::string>>(std::move(names));
  methods.Add(V1::kService, "ServerReflectionInfo", Handler<V1>(services));
  methods.Add(V1Alpha::kService, "ServerReflectionInfo", Handler<V1Alpha>(services));
}

}  // namespace lamina::server
