#include "server/protocols/kserve/stream_infer.h"

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/kserve/inference.pb.h"
#include "server/protocols/grpc/grpc_messages.h"
#include "server/protocols/kserve/call.h"
#include "server/protocols/wire/wire_writer.h"
#include "server/threads/mutex.h"

namespace lamina::server {
namespace {

constexpr uint32_t kInferResponse = 2;  // of inference.ModelStreamInferResponse

/// A message that has arrived, and what reads it where it lies.
struct Inference {
  Inference(const SharedMemory& shared_memory, Bytes bytes, std::shared_ptr<void> held)
      : hold(std::move(held)), message(std::move(bytes)), call(shared_memory) {}

  const std::shared_ptr<void> hold;
  Bytes message;
  KserveCall call;
};

/// A stream's messages on their way. Thread-safe; kept by the reader and by the inference that runs.
class InferStream final : public std::enable_shared_from_this<InferStream> {
 public:
  InferStream(Core& core, std::shared_ptr<GrpcStream> stream) : core_(core), stream_(std::move(stream)) {}

  void Add(Bytes message, std::shared_ptr<void> hold) {
    auto inference = std::make_unique<Inference>(core_.shared_memory(), std::move(message), std::move(hold));
    {
      const MutexLock lock(mutex_);
      waiting_.push_back(std::move(inference));
      if (std::exchange(running_, true)) return;
    }
    Run();
  }

  void HalfClose() {
    {
      const MutexLock lock(mutex_);
      half_closed_ = true;
      if (running_) return;
    }
    stream_->Finish(absl::OkStatus());
  }

 private:
  /// Runs what waits. An inference that is done before Start returns is followed by the next one here, not from within
  /// its own end: a thousand of them take no thousand frames of the stack.
  void Run() {
    while (std::unique_ptr<Inference> next = Next()) {
      steps_ = 2;
      Start(std::move(next));
      if (steps_.fetch_sub(1) != 1) return;
    }
  }

  void Done() {
    if (steps_.fetch_sub(1) == 1) Run();
  }

  std::unique_ptr<Inference> Next() {
    {
      const MutexLock lock(mutex_);
      if (!waiting_.empty()) {
        std::unique_ptr<Inference> next = std::move(waiting_.front());
        waiting_.pop_front();
        return next;
      }
      running_ = false;
      if (!half_closed_) return nullptr;
    }
    stream_->Finish(absl::OkStatus());
    return nullptr;
  }

  void Start(std::unique_ptr<Inference> inference) {
    KserveCall& call = inference->call;
    if (const absl::Status status = call.Read(inference->message.span()); !status.ok()) {
      WriteError(call, status);
      return Done();
    }
    InferRequest& request = call.request();
    request.deadline = stream_->deadline();
    request.cancelled = stream_->cancelled();
    request.origin = {Interface::kGrpc, Method::kModelStreamInfer};
    core_.InferAsync(request, call.outputs(),
                     [self = shared_from_this(),
                      inference = std::move(inference)](const absl::StatusOr<InferResult>& result) mutable {
                       self->Answer(inference->call, result);
                       inference.reset();
                       self->Done();
                     });
  }

  void Answer(KserveCall& call, const absl::StatusOr<InferResult>& result) {
    if (!result.ok()) return WriteError(call, result.status());
    absl::StatusOr<std::vector<Bytes>> response = call.Finish(*result);
    if (!response.ok()) return WriteError(call, response.status());
    size_t size = 0;
    for (const Bytes& piece : *response) size += piece.size();
    Bytes head(HeaderSize(kInferResponse, size));
    WireWriter(head.span()).Header(kInferResponse, size);
    response->insert(response->begin(), std::move(head));
    stream_->Write(*std::move(response));
  }

  void WriteError(const KserveCall& call, const absl::Status& status) {
    inference::ModelStreamInferResponse response;
    response.set_error_message(std::string(status.message()));
    response.mutable_infer_response()->set_id(std::string(call.message().id));
    absl::StatusOr<std::vector<Bytes>> message = WriteMessage(response);
    if (!message.ok()) return stream_->Finish(message.status());
    stream_->Write(*std::move(message));
  }

  Core& core_;
  const std::shared_ptr<GrpcStream> stream_;
  /// Of Start and of the inference's end, whichever comes last goes on.
  std::atomic<int> steps_ = 0;
  Mutex mutex_;
  std::deque<std::unique_ptr<Inference>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  bool half_closed_ ABSL_GUARDED_BY(mutex_) = false;
};

class StreamReader final : public GrpcReader {
 public:
  StreamReader(Core& core, std::shared_ptr<GrpcStream> stream)
      : stream_(std::make_shared<InferStream>(core, std::move(stream))) {}

  void OnMessage(Bytes message, std::shared_ptr<void> hold) override {
    stream_->Add(std::move(message), std::move(hold));
  }
  void OnHalfClose() override { stream_->HalfClose(); }

 private:
  const std::shared_ptr<InferStream> stream_;
};

}  // namespace

GrpcStreamHandler KserveStreamHandler(Core& core) {
  return
      [&core](std::shared_ptr<GrpcStream> stream) { return std::make_unique<StreamReader>(core, std::move(stream)); };
}

}  // namespace lamina::server
