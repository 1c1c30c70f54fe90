#ifndef LAMINA_SERVER_TRANSPORT_HTTP1_SESSION_H_
#define LAMINA_SERVER_TRANSPORT_HTTP1_SESSION_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "server/transport/event_loop.h"
#include "server/transport/http1_parser.h"
#include "server/transport/incoming_request.h"
#include "server/transport/outgoing_body.h"
#include "server/transport/services.h"
#include "server/transport/session.h"

namespace lamina::server {

class Connection;
class Http1Session;

/// How a response finds the session that waits for it. Shared between a session and its requests: `session` is the
/// loop's thread's, and nullptr when it has gone.
struct Http1Link {
  Http1Link(Http1Session* waits, std::shared_ptr<EventLoop> of) : session(waits), loop(std::move(of)) {}

  Http1Session* session;
  const std::shared_ptr<EventLoop> loop;
  /// There was no memory to answer, or to say so: the session sees it when it looks at the time.
  std::atomic<bool> unanswered = false;
};

/// HTTP/1.1 on one connection: one request after the other, and what a client sends ahead waits. Used by its loop's
/// thread alone.
class Http1Session final : public Session {
 public:
  Http1Session(Connection& connection, std::shared_ptr<const Services> services);
  ~Http1Session() override;

  bool Receive(std::span<const std::byte> bytes) override;
  void ServeReceived() override;
  bool ReceiveEnd() override;
  bool WantsToReceive() const override;
  bool Send(SocketOutput& output) override;
  size_t unsent() const override { return unsent_.size(); }
  void BeginDrain() override;
  void CancelAll() override;
  bool TimedOut(std::chrono::steady_clock::time_point now) override;

  /// The answer to the request that runs. Does nothing when it has been answered: then the connection takes no other.
  void Respond(HttpResponse response, bool is_head);
  /// The same, with a restarted request for the next one to come into, or nullptr.
  void Respond(HttpResponse response, bool is_head, std::unique_ptr<IncomingRequest> next);
  /// Goes on with the body of the request that runs, which was decompressed.
  void Serve(absl::StatusOr<ReceivedBytes> body);
  /// Closes the connection, and destroys this.
  void GiveUp(const std::exception& error);

 private:
  using Clock = std::chrono::steady_clock;

  /// Reads requests until one runs, or `bytes` are used up; returns how many of them it took.
  size_t Parse(std::span<const std::byte> bytes);
  /// Nothing: there was no memory for it, which the client is told.
  std::optional<size_t> Put(std::span<const std::byte> bytes);
  void BeginMessage();
  bool RefuseAccess();
  void RunRequest();
  void ServeRequest();
  void RefuseToWait();
  void Answer(HttpResponse response, bool is_head);
  void WriteHead(const HttpResponse& response, size_t body_size);
  void ParseWaiting();

  Connection& connection_;
  const std::shared_ptr<const Services> services_;
  const std::shared_ptr<Http1Link> link_;
  std::string waiting_;  // bytes that are not read yet
  std::unique_ptr<IncomingRequest> request_;
  std::optional<Http1Parser> parser_;
  const std::stop_source stop_;  // of the requests; the connection takes none after a stop
  bool running_ = false;
  bool received_ = false;  // the request that runs has not been served yet
  bool serving_ = false;   // in ServeReceived(): what was sent ahead is served with the first
  bool parsing_ = false;
  bool continued_ = false;  // 100 was sent
  bool checked_ = false;    // whether the request that comes in may be served
  bool closing_ = false;    // after what is to be sent
  bool ended_ = false;      // the client sends no more
  bool draining_ = false;
  std::string head_;  // its memory is used again
  OutgoingBody unsent_;
  mutable MemoryOverdraft overdraft_;
  Clock::time_point began_;     // the request that comes in, or the wait for one
  Clock::time_point progress_;  // the last time that bytes came, or of a body enough of them
  size_t body_bytes_ = 0;       // since then
};

/// From any thread: has the loop call `call` with the session that waits, if there still is one. What it throws closes
/// the connection.
template <typename Call>
void PostToHttp1Session(std::shared_ptr<Http1Link> link, Call call) {
  EventLoop& loop = *link->loop;
  loop.Post([link = std::move(link), call = std::move(call)]() mutable {
    if (link->session == nullptr) return;
    Http1Session& session = *link->session;
    try {
      call(session);
    } catch (const std::exception& error) {
      session.GiveUp(error);
    }
  });
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP1_SESSION_H_
