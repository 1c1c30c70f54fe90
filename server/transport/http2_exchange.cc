#include "server/transport/http2_exchange.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/transport/check_access.h"
#include "server/transport/http_date.h"
#include "server/transport/in_destructor.h"
#include "server/transport/incoming_request.h"

namespace lamina::server {
namespace {

/// Sends a whole response. Does nothing when the stream has gone. On its loop's thread.
void SendResponse(Http2Stream& stream, HttpResponse response, bool is_head) {
  if (!stream.CanRespond()) return;
  size_t size = TotalSize(response.body);
  if (const absl::Status room = stream.RoomForAnswer(size); !room.ok()) {
    response = Refusal(503, std::string(room.message()));
    size = TotalSize(response.body);
  }
  const std::string status = std::to_string(response.status), length = std::to_string(size);
  std::vector<HttpHeader> headers = {{":status", status}, {"date", HttpDate()}};
  if (!response.content_type.empty()) headers.push_back({"content-type", response.content_type});
  headers.push_back({"content-length", length});
  for (const auto& [name, value] : response.headers) headers.push_back({name, value});
  if (size == 0 || is_head) return stream.SendHeadersOnly(headers);
  stream.SendHeaders(headers);
  stream.Write(std::move(response.body));
  stream.End({});
}

class Http2Exchange final : public HttpExchange {
 public:
  Http2Exchange(std::shared_ptr<Http2Stream> stream, std::unique_ptr<IncomingRequest> request)
      : stream_(std::move(stream)), request_(std::move(request)) {}

  ~Http2Exchange() override {
    if (answered_) return;
    if (!request_ || !InDestructor([this] { Respond(DroppedResponse()); })) stream_->LeaveUnanswered();
  }

  const HttpRequest& request() const override { return request_->request(); }

  void Respond(HttpResponse response) override {
    request_->Finish(response);
    const bool is_head = request_->is_head();
    request_.reset();
    Http2Stream& stream = *stream_;
    stream.RunInLoop([stream = stream_, response = std::move(response), is_head]() mutable {
      SendResponse(*stream, std::move(response), is_head);
    });
    answered_ = true;
  }

 private:
  const std::shared_ptr<Http2Stream> stream_;
  std::unique_ptr<IncomingRequest> request_;
  bool answered_ = false;
};

class Http2Receiver final : public StreamReceiver {
 public:
  Http2Receiver(Http2Stream& stream, const std::shared_ptr<const Services>& services)
      : stream_(stream), services_(services), request_(std::make_unique<IncomingRequest>(*services)) {
    request_->SetMethod(stream.headers().Get(":method"));
    request_->SetTarget(stream.headers().Get(":path"));
    std::vector<HttpHeader> headers;
    stream.headers().GetViews(headers);
    for (const HttpHeader& header : headers) request_->headers().Add(header.name, header.value);
    refusal_ = CheckAccess(services->guards, *request_);
  }

  void OnData(std::span<const std::byte> data) override {
    if (!request_) return;
    if (refusal_) return Drop(data.size());
    if (request_->AppendBody(data)) return;
    Answer(Refusal(413, "the body is larger than one may be; send less at a time"));
  }

  void OnEnd() override {
    if (!request_) return;
    if (refusal_) return Answer(*std::move(refusal_));
    if (!request_->IsCoded()) return Serve(request_->TakeBody());
    auto plain = request_->Decode(
        stream_.stop_token(), [stream = stream_.shared_from_this()](auto done) { stream->GoOnWith(std::move(done)); });
    if (plain) Serve(*std::move(plain));
  }

  void OnPlain(absl::StatusOr<ReceivedBytes> plain) override {
    if (request_) Serve(std::move(plain));
  }

  void Refuse(const absl::Status& status, int http_status) override {
    SendResponse(stream_, Refusal(http_status, std::string(status.message())), false);
  }

 private:
  void Serve(absl::StatusOr<ReceivedBytes> body) {
    if (auto refusal = request_->Complete(std::move(body), stream_.stop_token())) return Answer(*std::move(refusal));
    services_->http(std::make_unique<Http2Exchange>(stream_.shared_from_this(), std::move(request_)));
  }

  /// Who may not ask is told at the end of the body, of which nothing is kept: curl takes an answer and a reset stream
  /// before that for an error of ours.
  void Drop(size_t size) {
    dropped_ += size;
    if (dropped_ > services_->limits.max_message_bytes) Answer(*std::move(refusal_));
  }

  void Answer(HttpResponse response) {
    SendResponse(stream_, std::move(response), request_->is_head());
    request_.reset();
  }

  Http2Stream& stream_;  // owns this
  const std::shared_ptr<const Services> services_;
  std::unique_ptr<IncomingRequest> request_;
  std::optional<HttpResponse> refusal_;  // of a request that may not be served
  size_t dropped_ = 0;                   // bytes of its body
};

}  // namespace

std::unique_ptr<StreamReceiver> MakeHttp2Receiver(Http2Stream& stream,
                                                  const std::shared_ptr<const Services>& services) {
  return std::make_unique<Http2Receiver>(stream, services);
}

}  // namespace lamina::server
