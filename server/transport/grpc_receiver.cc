#include "server/transport/grpc_receiver.h"

#include <atomic>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/transport/check_access.h"
#include "server/transport/grpc_calls.h"
#include "server/transport/grpc_message_reader.h"
#include "server/transport/grpc_response.h"
#include "server/transport/in_destructor.h"
#include "server/transport/stream_backlog.h"

namespace lamina::server {
namespace {

constexpr std::string_view kGrpc = "application/grpc";
// Messages of a streaming call that its service may hold before the client has to wait.
constexpr size_t kMostHeld = size_t{1} << 20;

/// What calls of both kinds have in common: messages that come in, and an end that comes from outside.
class GrpcReceiver : public StreamReceiver {
 public:
  GrpcReceiver(const GrpcCallHead& head, std::shared_ptr<const Services> services)
      : head_(head),
        services_(std::move(services)),
        reader_(head.request_coding, services_->limits.max_message_bytes, services_->memory) {}

  ~GrpcReceiver() override {
    head_.stream->loop().timers().Cancel(timer_);
    stop_inflating_.request_stop();
  }

  void OnEnd() override {
    end_waits_ = true;
    EndIfAllIsIn();
  }

  void OnPlain(absl::StatusOr<ReceivedBytes> plain) override {
    inflating_ = false;
    if (failed_) return;
    if (!plain.ok()) return Fail(plain.status());
    OnMessage(*std::move(plain));
    EndIfAllIsIn();
  }

  bool MayPause() const override { return inflating_; }

  void Refuse(const absl::Status& status, int) override { FinishGrpc(*head_.stream, status); }

 protected:
  virtual void OnMessage(ReceivedBytes message) = 0;
  virtual void OnHalfClose() = 0;
  virtual bool HasRoom() const { return true; }
  /// Whether nothing of what has come still waits to be read.
  virtual bool AllIsRead() const { return true; }

  /// Hands on the messages in `data` while there is room for them; returns what is left.
  std::span<const std::byte> Deliver(std::span<const std::byte> data) {
    while (!data.empty() && !failed_ && !inflating_ && HasRoom()) {
      auto message = reader_.Next(data);
      if (!message.ok()) {
        Fail(message.status());
      } else if (*message && (*message)->compressed) {
        Inflate(std::move((*message)->received));
      } else if (*message) {
        OnMessage(std::move((*message)->received));
      }
    }
    return failed_ ? std::span<const std::byte>() : data;
  }

  void EndIfAllIsIn() {
    if (failed_ || inflating_ || !end_waits_ || !AllIsRead()) return;
    end_waits_ = false;
    if (!reader_.AtBoundary()) return Fail(absl::InternalError("the call ended within a message; send it whole"));
    OnHalfClose();
  }

  bool IsWithinMessage() const { return !reader_.AtBoundary(); }

  void Fail(const absl::Status& status) {
    failed_ = true;
    FinishGrpc(*head_.stream, status);
  }

  /// Ends the call at its deadline, should it not have ended then.
  void WatchDeadline() {
    if (head_.deadline == std::chrono::steady_clock::time_point::max()) return;
    head_.stream->loop().timers().Cancel(timer_);
    timer_ = head_.stream->loop().timers().At(head_.deadline, [stream = head_.stream] {
      stream->CloseIfItThrows(
          [&] { FinishGrpc(*stream, absl::DeadlineExceededError("the call's deadline has passed")); });
      stream->RequestStop();
    });
  }

  const GrpcCallHead& head() const { return head_; }

 private:
  void Inflate(ReceivedBytes compressed) {
    inflating_ = true;
    stop_inflating_ = std::stop_source();
    auto inflation = std::make_unique<Inflation>(head_.request_coding, std::move(compressed),
                                                 services_->limits.max_message_bytes, services_->memory);
    auto later = [stream = head_.stream](absl::StatusOr<ReceivedBytes> plain) { stream->GoOnWith(std::move(plain)); };
    auto plain = services_->decompressor->Run(std::move(inflation), stop_inflating_.get_token(), std::move(later));
    if (plain) return OnPlain(*std::move(plain));
    WatchDeadline();
  }

  const GrpcCallHead head_;
  const std::shared_ptr<const Services> services_;
  GrpcMessageReader reader_;
  bool failed_ = false;
  bool end_waits_ = false;  // the client has sent all, and what it sent is not dealt with
  bool inflating_ = false;  // a message, by the Decompressor
  std::stop_source stop_inflating_{std::nostopstate};
  TimerQueue::Ticket timer_;
};

class UnaryReceiver final : public GrpcReceiver {
 public:
  UnaryReceiver(const GrpcCallHead& head, const std::shared_ptr<const Services>& services,
                const GrpcUnaryHandler& handler)
      : GrpcReceiver(head, services), handler_(handler) {}

  void OnData(std::span<const std::byte> data) override {
    if (!Deliver(data).empty()) Fail(SecondMessage());
  }

 private:
  static absl::Status SecondMessage() {
    return absl::UnimplementedError("a unary call has one message, and a second one came");
  }

  void OnMessage(ReceivedBytes message) override {
    if (message_) return Fail(SecondMessage());
    message_ = std::move(message);
  }

  void OnHalfClose() override {
    if (!message_) return Fail(absl::UnimplementedError("a unary call has one message, and none came"));
    // What watches the deadline comes last: most calls are answered when the handler returns.
    const auto stream = head().stream;
    handler_(std::make_unique<Http2GrpcCall>(head(), *std::exchange(message_, std::nullopt)));
    if (stream->CanRespond()) WatchDeadline();
  }

  const GrpcUnaryHandler& handler_;  // in the services
  std::optional<ReceivedBytes> message_;
};

/// Counts what a service holds of a call, which lets the client go on when it becomes little.
struct Hold {
  Hold(std::shared_ptr<Http2Stream> of, std::shared_ptr<std::atomic<size_t>> sum, size_t bytes, MemoryLease share)
      : stream(std::move(of)), held(std::move(sum)), size(bytes), lease(std::move(share)) {
    held->fetch_add(size, std::memory_order_relaxed);
  }
  ~Hold() {
    held->fetch_sub(size, std::memory_order_relaxed);
    lease = MemoryLease();
    InDestructor([this] { stream->RunInLoop([stream = stream] { stream->Reconsider(); }); });
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  const std::shared_ptr<Http2Stream> stream;
  const std::shared_ptr<std::atomic<size_t>> held;
  const size_t size;
  MemoryLease lease;
};

/// Its messages may each be answered with many bytes, or take long: those that the service or the client has no room
/// for wait as they came.
class StreamingReceiver final : public GrpcReceiver {
 public:
  StreamingReceiver(const GrpcCallHead& head, const std::shared_ptr<const Services>& services,
                    const GrpcStreamHandler& handler)
      : GrpcReceiver(head, services), backlog_(services->memory) {
    WatchDeadline();
    reader_ = handler(std::make_shared<Http2GrpcStream>(head));
  }

  void OnData(std::span<const std::byte> data) override {
    if (backlog_.empty()) data = DeliverOnce(data);
    if (!data.empty()) backlog_.Append(data);
  }

  void OnRoom() override {
    if (delivering_ || backlog_.empty()) return;
    const std::span<const std::byte> waiting = backlog_.bytes();
    backlog_.Take(waiting.size() - DeliverOnce(waiting).size());
    EndIfAllIsIn();
  }

  void OnPlain(absl::StatusOr<ReceivedBytes> plain) override {
    const bool delivering = std::exchange(delivering_, true);  // as in DeliverOnce()
    GrpcReceiver::OnPlain(std::move(plain));
    delivering_ = delivering;
  }

  bool WantsData() const override { return !delivering_ && backlog_.empty() && Holds() < kMostHeld; }
  // Half a message holds memory that others wait for.
  bool MayPause() const override { return GrpcReceiver::MayPause() || !IsWithinMessage() || !WantsData(); }

 private:
  void OnMessage(ReceivedBytes message) override {
    // A message of any size counts a little, as it is a piece of work.
    const size_t size = message.bytes.size() + 256;
    if (!reader_) return;
    reader_->OnMessage(std::move(message.bytes),
                       std::make_shared<Hold>(head().stream, held_, size, std::move(message.lease)));
  }

  void OnHalfClose() override {
    if (reader_) reader_->OnHalfClose();
  }

  /// A service that answers at once makes room, and asks for more, while it is given more.
  std::span<const std::byte> DeliverOnce(std::span<const std::byte> data) {
    delivering_ = true;
    const std::span<const std::byte> left = Deliver(data);
    delivering_ = false;
    return left;
  }

  bool AllIsRead() const override { return backlog_.empty(); }
  bool HasRoom() const override { return Holds() < kMostHeld && head().stream->HasRoom(); }
  size_t Holds() const { return held_->load(std::memory_order_relaxed); }

  const std::shared_ptr<std::atomic<size_t>> held_ = std::make_shared<std::atomic<size_t>>(0);
  std::unique_ptr<GrpcReader> reader_;
  StreamBacklog backlog_;
  bool delivering_ = false;
};

}  // namespace

bool IsGrpc(const HeaderList& headers) {
  const std::string_view type = headers.Get("content-type");
  if (!type.starts_with(kGrpc)) return false;
  // Not application/grpc-web.
  return type.size() == kGrpc.size() || type[kGrpc.size()] == '+' || type[kGrpc.size()] == ';';
}

std::unique_ptr<StreamReceiver> MakeGrpcReceiver(Http2Stream& stream, const std::shared_ptr<const Services>& services) {
  if (const absl::Status access = CheckAccess(services->guards, stream.headers()); !access.ok()) {
    FinishGrpc(stream, access);
    return nullptr;
  }
  const auto head = ReadGrpcCallHead(stream);
  if (!head.ok()) {
    FinishGrpc(stream, head.status());
    return nullptr;
  }
  const std::string_view path = stream.headers().Get(":path");
  const GrpcMethods::Handler* handler = services->grpc.Find(path);
  if (handler == nullptr || stream.headers().Get(":method") != "POST") {
    FinishGrpc(stream, absl::UnimplementedError(absl::StrCat("no method ", std::string(path),
                                                             " is served here; server reflection lists the services")));
    return nullptr;
  }
  if (const auto* unary = std::get_if<GrpcUnaryHandler>(handler)) {
    return std::make_unique<UnaryReceiver>(*head, services, *unary);
  }
  return std::make_unique<StreamingReceiver>(*head, services, std::get<GrpcStreamHandler>(*handler));
}

}  // namespace lamina::server
