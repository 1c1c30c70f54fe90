#ifndef LAMINA_SERVER_TRANSPORT_HTTP2_SESSION_H_
#define LAMINA_SERVER_TRANSPORT_HTTP2_SESSION_H_

#include <nghttp2/nghttp2.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "server/transport/http2_stream.h"
#include "server/transport/services.h"
#include "server/transport/session.h"
#include "server/transport/unended_streams.h"

namespace lamina::server {

class Connection;
struct Http2Callbacks;

/// HTTP/2 on one connection, by nghttp2: streams of gRPC calls and of requests over HTTP. Used by its loop's thread
/// alone.
class Http2Session final : public Session {
 public:
  Http2Session(Connection& connection, std::shared_ptr<const Services> services);
  ~Http2Session() override;

  bool Receive(std::span<const std::byte> bytes) override;
  void ServeReceived() override;
  bool ReceiveEnd() override;
  bool WantsToReceive() const override;
  bool Send(SocketOutput& output) override;
  size_t unsent() const override { return unsent_; }
  void BeginDrain() override;
  void CancelAll() override;
  bool TimedOut(std::chrono::steady_clock::time_point now) override;

  // For the streams.
  void SubmitResponse(Http2Stream& stream, std::span<const HttpHeader> headers, bool has_body);
  /// Says that there is more to send, or the end.
  void Resume(Http2Stream& stream);
  /// An error: there is too much to read already, and the client is to be told so instead of an answer of `size` bytes.
  absl::Status RoomForAnswer(size_t size) const;
  /// Closes the connection, and destroys this.
  void GiveUp(const std::exception& error);
  /// Has the stream's receiver go on with what was decompressed.
  void GoOnWith(Http2Stream& stream, absl::StatusOr<ReceivedBytes> plain);
  /// Lets the client send more, if the stream can take it.
  void GiveBack(Http2Stream& stream);

 private:
  using Clock = std::chrono::steady_clock;
  friend struct Http2Callbacks;

  // What nghttp2 reports, through Http2Callbacks.
  void OnBeginFrame(const nghttp2_frame_hd& frame);
  int OnBeginHeaders(int32_t id);
  int OnHeader(int32_t id, std::string_view name, std::string_view value);
  int OnFrame(const nghttp2_frame& frame);
  int OnData(int32_t id, std::span<const std::byte> data);
  int OnClose(int32_t id);
  int OnSent(const nghttp2_frame& frame);
  ssize_t ReadBody(Http2Stream& stream, std::span<std::byte> to, uint32_t* flags);

  template <typename Call>
  void GiveUpIfItThrows(Http2Stream& stream, Call call);
  void BeginRequest(Http2Stream& stream);
  void EndRequest(Http2Stream& stream);
  bool TooManyControlFrames();
  void CheckStream(Http2Stream& stream, Clock::time_point now);
  void SayGoodbye();
  void CountUnsent(Http2Stream& stream);
  void GiveBackTaken(Http2Stream& stream);
  void GiveBackConnection();
  Http2Stream* Find(int32_t id) const;
  std::vector<std::shared_ptr<Http2Stream>> Open() const;

  Connection& connection_;
  const std::shared_ptr<const Services> services_;
  const std::shared_ptr<std::atomic<int>> alive_ = std::make_shared<std::atomic<int>>(0);
  nghttp2_session* session_ = nullptr;
  SocketOutput* output_ = nullptr;  // during Send()
  std::unordered_map<int32_t, std::shared_ptr<Http2Stream>> streams_;
  std::vector<std::shared_ptr<Http2Stream>> received_;  // whole, and not served yet
  UnendedStreams unended_;
  mutable MemoryOverdraft overdraft_;
  size_t unsent_ = 0;    // of all streams
  size_t withheld_ = 0;  // received, and not yet given back to the connection's window
  bool draining_ = false;
  bool failed_ = false;
  int32_t headers_under_way_ = 0;  // their stream, 0: none; header blocks do not interleave
  Clock::time_point headers_began_;
  Clock::time_point last_request_;
  Clock::time_point control_second_;
  size_t control_frames_ = 0;  // in that second
  TimerQueue::Ticket goodbye_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP2_SESSION_H_
