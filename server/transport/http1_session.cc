#include "server/transport/http1_session.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <initializer_list>
#include <new>
#include <utility>

#include "server/api/no_memory.h"
#include "server/transport/check_access.h"
#include "server/transport/connection.h"
#include "server/transport/http1_status.h"
#include "server/transport/http_date.h"
#include "server/transport/in_destructor.h"

namespace lamina::server {
namespace {

// What a client may send ahead of the answer that it waits for.
constexpr size_t kMostWaiting = size_t{64} << 10;
// Answers that are ready before the next request is looked at.
constexpr size_t kMostUnsent = size_t{1} << 20;

class Http1Exchange final : public HttpExchange {
 public:
  Http1Exchange(std::shared_ptr<Http1Link> link, std::unique_ptr<IncomingRequest> request)
      : link_(std::move(link)), request_(std::move(request)) {}

  ~Http1Exchange() override {
    if (answered_) return;
    if (!request_ || !InDestructor([this] { Respond(DroppedResponse()); })) link_->unanswered = true;
  }

  const HttpRequest& request() const override { return request_->request(); }

  void Respond(HttpResponse response) override {
    request_->Finish(response);
    const bool is_head = request_->is_head();
    std::unique_ptr<IncomingRequest> next = std::move(request_);
    if (!next->Restart()) next.reset();
    if (!link_->loop->InLoop()) {
      PostToHttp1Session(link_,
                         [response = std::move(response), is_head, next = std::move(next)](auto& session) mutable {
                           session.Respond(std::move(response), is_head, std::move(next));
                         });
    } else if (link_->session != nullptr) {
      link_->session->Respond(std::move(response), is_head, std::move(next));
    }
    answered_ = true;
  }

 private:
  const std::shared_ptr<Http1Link> link_;
  std::unique_ptr<IncomingRequest> request_;
  bool answered_ = false;
};

}  // namespace

Http1Session::Http1Session(Connection& connection, std::shared_ptr<const Services> services)
    : connection_(connection),
      services_(std::move(services)),
      link_(std::make_shared<Http1Link>(this, connection_.loop().shared_from_this())),
      overdraft_(services_->Overdraft()),
      began_(Clock::now()),
      progress_(began_) {
  BeginMessage();
}

Http1Session::~Http1Session() {
  link_->session = nullptr;
  stop_.request_stop();
}

void Http1Session::BeginMessage() {
  began_ = progress_ = Clock::now();
  body_bytes_ = 0;
  continued_ = false;
  checked_ = false;
  if (!request_ || !request_->Restart()) request_ = std::make_unique<IncomingRequest>(*services_);
  parser_.emplace(*request_, services_->limits.max_header_bytes);
}

bool Http1Session::Receive(std::span<const std::byte> bytes) {
  body_bytes_ += bytes.size();
  if (body_bytes_ >= services_->limits.body_progress_bytes || !parser_->has_headers()) {
    progress_ = Clock::now();
    body_bytes_ = 0;
  }
  if (!running_ && waiting_.empty()) bytes = bytes.subspan(Parse(bytes));
  waiting_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  ParseWaiting();
  return !closing_ || running_;
}

void Http1Session::ParseWaiting() {
  if (running_ || closing_ || parsing_ || waiting_.empty()) return;
  waiting_.erase(0, Parse(std::as_bytes(std::span(waiting_))));
}

size_t Http1Session::Parse(std::span<const std::byte> bytes) {
  parsing_ = true;
  size_t taken = 0;
  while (!running_ && !closing_ && unsent_.size() < kMostUnsent) {
    const bool had_begun = parser_->has_begun() || taken > 0;
    const std::optional<size_t> put = Put(bytes.subspan(taken));
    if (!put) break;
    const size_t count = *put;
    taken += count;
    if (!had_begun && !bytes.empty()) began_ = progress_;
    if (parser_->refusal() != 0) {
      closing_ = true;
      running_ = true;
      Respond(Refusal(parser_->refusal(), parser_->error()), /*is_head=*/false);
    } else if (parser_->has_headers() && RefuseAccess()) {
      continue;
    } else if (parser_->is_done()) {
      RunRequest();
    } else {
      if (parser_->has_headers() && parser_->expects_continue() && !std::exchange(continued_, true)) {
        unsent_.Append(Bytes(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")));
      }
      if (count == 0 || taken == bytes.size()) break;
    }
  }
  parsing_ = false;
  return closing_ && !running_ ? bytes.size() : taken;
}

std::optional<size_t> Http1Session::Put(std::span<const std::byte> bytes) {
  try {
    return parser_->Put(bytes);
  } catch (const std::bad_alloc& error) {
    spdlog::error("a request over HTTP/1.1 is given up: {}", error.what());
    request_.reset();  // with what came of its body
    closing_ = running_ = true;
    Respond(Refusal(429, std::string(NoMemory("the request").message())), /*is_head=*/false);
    return std::nullopt;
  }
}

/// Answers a request that may not be served without its body. False: it may be.
bool Http1Session::RefuseAccess() {
  if (std::exchange(checked_, true)) return false;
  std::optional<HttpResponse> refusal = CheckAccess(services_->guards, *request_);
  if (!refusal) return false;
  running_ = true;
  if (!parser_->is_done() || !parser_->keep_alive() || draining_) closing_ = true;
  Respond(*std::move(refusal), request_->is_head());
  return true;
}

void Http1Session::RunRequest() {
  running_ = true;
  overdraft_.GiveUp();
  if (!parser_->keep_alive() || draining_) closing_ = true;
  received_ = true;
  if (serving_) return ServeRequest();
  connection_.WantsToServe();
}

void Http1Session::ServeReceived() {
  serving_ = true;
  ServeRequest();
  ParseWaiting();
  serving_ = false;
}

void Http1Session::ServeRequest() {
  if (!std::exchange(received_, false)) return;
  if (!request_->IsCoded()) return Serve(request_->TakeBody());
  auto plain = request_->Decode(stop_.get_token(), [link = link_](absl::StatusOr<ReceivedBytes> done) {
    try {
      PostToHttp1Session(link,
                         [done = std::move(done)](Http1Session& session) mutable { session.Serve(std::move(done)); });
    } catch (...) {
      link->unanswered = true;
      throw;
    }
  });
  if (plain) return Serve(*std::move(plain));
  if (ended_) RefuseToWait();
}

/// Answers a request of which the decompressor has dropped the body.
void Http1Session::RefuseToWait() {
  Respond(Refusal(499,
                  "the client said that it sends no more before its body was decompressed, and is taken to have "
                  "gone; keep the connection open until the answer"),
          request_->is_head());
}

void Http1Session::Serve(absl::StatusOr<ReceivedBytes> body) {
  if (!running_) return;
  const bool is_head = request_->is_head();
  if (auto refusal = request_->Complete(std::move(body), stop_.get_token())) {
    return Respond(*std::move(refusal), is_head);
  }
  try {
    services_->http(std::make_unique<Http1Exchange>(link_, std::move(request_)));
  } catch (const std::exception& error) {  // it has dropped the exchange, which answered with 429
    spdlog::error("a request over HTTP/1.1 is given up: {}", error.what());
    if (request_) link_->unanswered = true;  // or there was no memory for an exchange
  }
}

void Http1Session::Respond(HttpResponse response, bool is_head, std::unique_ptr<IncomingRequest> next) {
  if (running_) request_ = std::move(next);
  Respond(std::move(response), is_head);
}

void Http1Session::Respond(HttpResponse response, bool is_head) {
  if (!running_) return;
  try {
    Answer(std::move(response), is_head);
  } catch (...) {
    // Nobody knows how much of it there is: the connection takes no other request, and is closed soon.
    running_ = closing_ = true;
    link_->unanswered = true;
    throw;
  }
}

void Http1Session::Answer(HttpResponse response, bool is_head) {
  running_ = received_ = false;
  size_t size = TotalSize(response.body);
  if (const absl::Status room = services_->RoomForAnswer(unsent_.size() + size); !room.ok()) {
    connection_.LogClient("gets no answer: " + std::string(room.message()));
    response = Refusal(503, std::string(room.message()));
    size = TotalSize(response.body);
  }
  if (ended_ || draining_) closing_ = true;
  WriteHead(response, size);
  if (!is_head) {
    for (Bytes& part : response.body) unsent_.Append(std::move(part));
  }
  BeginMessage();
  connection_.WantsToSend();
}

void Http1Session::GiveUp(const std::exception& error) { connection_.GiveUp(error); }

void Http1Session::WriteHead(const HttpResponse& response, size_t body_size) {
  const auto put = [this](std::initializer_list<std::string_view> pieces) {
    for (const std::string_view piece : pieces) head_.append(piece);
  };
  head_.clear();
  put({"HTTP/1.1 ", std::to_string(response.status), " ", HttpReason(response.status), "\r\nDate: ", HttpDate()});
  if (!response.content_type.empty()) put({"\r\nContent-Type: ", response.content_type});
  for (const auto& [name, value] : response.headers) put({"\r\n", name, ": ", value});
  if (response.status != 204 && response.status != 304) put({"\r\nContent-Length: ", std::to_string(body_size)});
  // An HTTP/1.0 client has to be told that it may go on.
  put({closing_ ? "\r\nConnection: close\r\n\r\n" : "\r\nConnection: keep-alive\r\n\r\n"});
  unsent_.Append(Bytes(head_));
}

bool Http1Session::Send(SocketOutput& output) {
  do {
    unsent_.Move(unsent_.size(), output);
    // What was sent ahead is looked at when the client has taken what it got so far.
    if (output.pending() >= services_->limits.socket_output_bytes) return !closing_ || running_;
    ParseWaiting();
  } while (unsent_.size() > 0);
  // Nothing more can come, and all that came is answered.
  if (ended_ && !running_) closing_ = true;
  return !closing_ || running_;
}

bool Http1Session::WantsToReceive() const {
  if (closing_ && !running_) return false;
  if (running_) return waiting_.size() < kMostWaiting;
  if (waiting_.size() >= kMostWaiting + services_->limits.max_header_bytes) return false;
  return !parser_->has_headers() || overdraft_.MayGoOn();
}

bool Http1Session::ReceiveEnd() {
  ended_ = true;
  if (!running_) return false;
  // It may have gone, or only have said all: it is answered, if that is still of use to it.
  stop_.request_stop();
  const bool decompressing = request_ && !received_;
  if (decompressing) RefuseToWait();
  return true;
}

void Http1Session::BeginDrain() {
  draining_ = true;
  if (!running_ && waiting_.empty() && !parser_->has_begun()) closing_ = true;
}

void Http1Session::CancelAll() {
  closing_ = true;
  if (running_) Respond(Refusal(503, "the server is stopping; ask again, or another server"), false);
  stop_.request_stop();
}

bool Http1Session::TimedOut(Clock::time_point now) {
  const TransportLimits& limits = services_->limits;
  if (link_->unanswered) return true;
  if (running_) return false;
  // It has answers to read, for which the connection has a limit of its own: no request is waited for.
  if (!parser_->has_begun() && connection_.socket_full()) began_ = progress_ = now;
  if (!parser_->has_begun() && waiting_.empty()) return now - progress_ > limits.idle_timeout;
  if (!parser_->has_headers()) return now - began_ > limits.header_timeout;
  return now - progress_ > limits.body_timeout || overdraft_.IsHeldSince(now - limits.body_timeout);
}

}  // namespace lamina::server
