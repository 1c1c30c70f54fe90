#ifndef LAMINA_SERVER_TRANSPORT_HTTP2_STREAM_H_
#define LAMINA_SERVER_TRANSPORT_HTTP2_STREAM_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "server/api/bytes.h"
#include "server/protocols/http/http.h"
#include "server/transport/event_loop.h"
#include "server/transport/header_list.h"
#include "server/transport/incoming_bytes.h"
#include "server/transport/outgoing_body.h"

namespace lamina::server {

class Http2Session;
struct Http2Callbacks;

/// What follows a response's body.
struct Trailer {
  std::string_view name;  // a literal
  std::string value;
};

/// What takes in the request of one stream. Owned by the stream, used by its loop's thread.
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;
  virtual void OnData(std::span<const std::byte> data) = 0;
  /// The client has sent all.
  virtual void OnEnd() = 0;
  /// Whether it can take more now; the client is held up otherwise, until the stream's Reconsider().
  virtual bool WantsData() const { return true; }
  /// Whether the client may take any time between two messages.
  virtual bool MayPause() const { return false; }
  /// There may be room again for what it could not take.
  virtual void OnRoom() {}
  /// What it has given to the Decompressor is done.
  virtual void OnPlain(absl::StatusOr<ReceivedBytes> plain) = 0;
  /// The request cannot be served, or not to its end: it is to be answered so, now. `http_status` is for what is no
  /// gRPC.
  virtual void Refuse(const absl::Status& status, int http_status) = 0;
};

/// One request of an HTTP/2 connection and its response. All of it belongs to the loop's thread but RunInLoop(),
/// GoOnWith(), LeaveUnanswered(), stop_token() and, once they are complete, headers(). It is shared with whoever
/// answers, and outlives its session when that takes long: then what is sent goes nowhere.
class Http2Stream : public std::enable_shared_from_this<Http2Stream> {
 public:
  using Clock = std::chrono::steady_clock;

  Http2Stream(Http2Session& session, int32_t id, std::shared_ptr<EventLoop> loop,
              std::shared_ptr<std::atomic<int>> alive);
  ~Http2Stream();

  int32_t id() const { return id_; }
  EventLoop& loop() const { return *loop_; }
  HeaderList& headers() { return headers_; }
  /// Stops when the client is not there any more to be answered.
  std::stop_token stop_token() const { return stop_.get_token(); }
  void RequestStop() { stop_.request_stop(); }

  /// Runs `call` on the loop's thread: now, if this is it and nothing is to be run before. Calls of which one is known
  /// to come before the other are run in that order, whatever their threads. What a call throws that is run now is the
  /// caller's; later it closes the connection.
  template <typename Call>
  void RunInLoop(Call call) {
    if (loop_->InLoop() && posted_.load(std::memory_order_acquire) == 0) return call();
    posted_.fetch_add(1, std::memory_order_relaxed);
    try {
      loop_->Post([self = shared_from_this(), call = std::move(call)]() mutable {
        self->posted_.fetch_sub(1, std::memory_order_release);
        self->CloseIfItThrows([&] { call(); });
      });
    } catch (...) {
      posted_.fetch_sub(1, std::memory_order_release);
      throw;
    }
  }

  /// From any thread: there was no memory to answer, or to say so. The session resets it when it looks at the time.
  void LeaveUnanswered() { unanswered_ = true; }

  /// Runs `call`, which nobody called that could be told of an exception: that closes the connection.
  void CloseIfItThrows(absl::FunctionRef<void()> call);

  /// Whether a response can still be begun.
  bool CanRespond() const { return session_ != nullptr && !responding_; }
  /// Whether a response has been begun and can go on.
  bool CanWrite() const { return session_ != nullptr && responding_ && !ended_; }

  /// An error: there is too much to read already, and so no room for `size` bytes of an answer. REQUIRES: CanRespond()
  /// or CanWrite().
  absl::Status RoomForAnswer(size_t size) const;

  /// Begins the response. REQUIRES: CanRespond().
  void SendHeaders(std::span<const HttpHeader> headers);
  /// A response that has no body. REQUIRES: CanRespond().
  void SendHeadersOnly(std::span<const HttpHeader> headers);
  /// REQUIRES: CanWrite().
  void Write(std::vector<Bytes> parts);
  /// Ends it, with trailers if there are any. REQUIRES: CanWrite().
  void End(std::vector<Trailer> trailers);

  /// Tells the session that the receiver may want data again.
  void Reconsider();
  /// Has the receiver go on with what the Decompressor has done. From any thread.
  void GoOnWith(absl::StatusOr<ReceivedBytes> plain);

  size_t unsent() const { return body_.size(); }
  /// Whether little enough is unsent to make more.
  bool HasRoom() const { return unsent() <= kMostUnsent; }

 private:
  friend class Http2Session;
  friend struct Http2Callbacks;

  static constexpr size_t kMostUnsent = size_t{4} << 20;

  Http2Session* session_;  // nullptr once the stream is closed
  const int32_t id_;
  const std::shared_ptr<EventLoop> loop_;
  const std::shared_ptr<std::atomic<int>> alive_;  // how many streams of the session there are, closed ones included
  HeaderList headers_;
  bool headers_too_large_ = false;
  std::unique_ptr<StreamReceiver> receiver_;
  std::stop_source stop_;
  std::atomic<int> posted_ = 0;  // calls that the loop is still to run
  std::atomic<bool> unanswered_ = false;

  OutgoingBody body_;
  std::vector<Trailer> trailers_;
  bool responding_ = false;
  bool ended_ = false;          // nothing is added to the body any more
  bool deferred_ = false;       // nghttp2 waits to be told that there is more
  bool request_ended_ = false;  // by the client
  bool response_sent_ = false;  // with its end
  size_t counted_ = 0;          // of the body, in the session's sum of what is unsent
  size_t withheld_ = 0;         // received, and not yet given back to the client's window
  size_t body_bytes_ = 0;       // received since progress_
  Clock::time_point progress_;  // the last time that data went out or began to wait, or enough had come in
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP2_STREAM_H_
