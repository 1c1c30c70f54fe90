#include "server/protocols/grpc/health_service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/grpc/health.pb.h"
#include "server/protocols/grpc/grpc_messages.h"

namespace lamina::server {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

constexpr char kService[] = "grpc.health.v1.Health";

std::vector<Bytes> Message(int status) {
  HealthCheckResponse response;
  response.set_status(static_cast<HealthCheckResponse::ServingStatus>(status));
  return *WriteMessage(response);
}

std::set<std::string> WithServer(const std::vector<std::string>& services) {
  std::set<std::string> all(services.begin(), services.end());
  all.insert("");
  return all;
}

}  // namespace

/// One client that watches one service, from its request until its call ends.
class HealthService::Watch final : public GrpcReader {
 public:
  Watch(HealthService& health, std::shared_ptr<GrpcStream> stream) : health_(health), stream_(std::move(stream)) {}
  ~Watch() override {
    if (watching_) health_.Remove(*this);
  }

  void OnMessage(Bytes message, std::shared_ptr<void> /*hold*/) override {
    if (watching_) return stream_->Finish(absl::InvalidArgumentError("Watch takes one request, and a second one came"));
    HealthCheckRequest request;
    if (absl::Status status = ParseMessage(message.span(), request); !status.ok()) return stream_->Finish(status);
    service_ = request.service();
    watching_ = true;
    health_.Add(*this);
  }

  // The call goes on: the client has said all it had to say.
  void OnHalfClose() override {
    if (!watching_) stream_->Finish(absl::InvalidArgumentError("Watch takes one request, and none came"));
  }

  /// With the health's lock held, so that statuses arrive in their order.
  void Tell(int status) { stream_->Write(Message(status != 0 ? status : HealthCheckResponse::SERVICE_UNKNOWN)); }

  const std::string& service() const { return service_; }

 private:
  HealthService& health_;
  const std::shared_ptr<GrpcStream> stream_;
  std::string service_;
  bool watching_ = false;
};

HealthService::HealthService(const std::vector<std::string>& services) : services_(WithServer(services)) {}

void HealthService::AddTo(GrpcMethods& methods) {
  methods.Add(kService, "Check",
              AnswerWith<HealthCheckRequest, HealthCheckResponse>(
                  [this](const HealthCheckRequest& request, HealthCheckResponse& response) {
                    MutexLock lock(mutex_);
                    const int status = StatusOf(request.service());
                    response.set_status(static_cast<HealthCheckResponse::ServingStatus>(status));
                    if (status != 0) return absl::OkStatus();
                    return absl::NotFoundError(absl::StrCat("no service '", request.service(),
                                                            "' is served here; server reflection lists the services"));
                  }));
  methods.Add(kService, "Watch", GrpcStreamHandler([this](std::shared_ptr<GrpcStream> stream) {
                return std::make_unique<Watch>(*this, std::move(stream));
              }));
}

int HealthService::StatusOf(const std::string& service) const {
  if (!services_.contains(service)) return HealthCheckResponse::UNKNOWN;
  return serving_ ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

void HealthService::SetServing(bool serving) {
  MutexLock lock(mutex_);
  if (std::exchange(serving_, serving) == serving) return;
  for (Watch* watch : watches_) {
    if (services_.contains(watch->service())) watch->Tell(StatusOf(watch->service()));
  }
}

void HealthService::Add(Watch& watch) {
  MutexLock lock(mutex_);
  watches_.insert(&watch);
  watch.Tell(StatusOf(watch.service()));
}

void HealthService::Remove(Watch& watch) {
  MutexLock lock(mutex_);
  watches_.erase(&watch);
}

}  // namespace lamina::server
