#include "server/transport/connection.h"

#include <errno.h>
#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>

#include "server/transport/client_log.h"
#include "server/transport/http1_session.h"
#include "server/transport/http2_session.h"
#include "server/transport/loop_connections.h"
#include "server/transport/tls_log.h"
#include "server/transport/wrong_port.h"

namespace lamina::server {
namespace {

// HTTP/2's preface begins so, and no request of HTTP/1.1 does.
constexpr std::string_view kHttp2Begins = "PRI * HTTP/2.0\r\n";
// Others on this loop have their turn after so many times the read buffer.
constexpr int kReadsPerTurn = 8;
constexpr auto kCheckEvery = std::chrono::seconds(1);
constexpr auto kRetryAfter = std::chrono::milliseconds(10);

std::string_view Text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Connection::Connection(FileDescriptor socket, std::unique_ptr<TlsStream> tls, EventLoop& loop,
                       const std::shared_ptr<const Services>& services, LoopConnections& owner)
    : loop_(loop),
      owner_(owner),
      services_(services),
      socket_(std::move(socket)),
      tls_(std::move(tls)),
      unsent_(services->unsent),
      opened_(TimerQueue::Clock::now()) {
  write_progress_ = opened_;
}

Connection::~Connection() { StopTimers(); }

// Memory that one client's bytes cannot get is no reason to leave all the others.
template <typename Call>
void Connection::CloseIfItThrows(Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    GiveUp(error);
  }
}

void Connection::GiveUp(const std::exception& error) {
  spdlog::error("a connection is given up: {}", error.what());
  Abort();
}

void Connection::LogClient(const std::string& sentence) const { lamina::server::LogClient(socket_.get(), sentence); }

void Connection::StopTimers() {
  loop_.timers().Cancel(timer_);
  loop_.timers().Cancel(retry_);
}

absl::Status Connection::Start() {
  waits_for_ = EPOLLIN | EPOLLRDHUP;
  if (absl::Status status = loop_.Add(socket_.get(), waits_for_, *this); !status.ok()) return status;
  timer_ = loop_.timers().At(opened_ + kCheckEvery, [this] { CloseIfItThrows([this] { CheckTime(); }); });
  return absl::OkStatus();
}

void Connection::OnReady(uint32_t events) {
  if (phase_ == Phase::kClosed) return;
  if (phase_ == Phase::kLingering) return Discard();
  if (events & EPOLLOUT) socket_full_ = false;
  if (events & (EPOLLHUP | EPOLLERR)) {
    Close();  // both ways are shut: nobody can be answered
  } else if (events & (EPOLLIN | EPOLLRDHUP)) {
    CloseIfItThrows([this] { Read(); });
  }
  WantsToSend();
}

void Connection::WantsToServe() {
  if (serve_soon_) return;
  loop_.AfterEvents(*this);  // first: it may find no memory
  serve_soon_ = true;
}

void Connection::OnEventsDone() {
  serve_soon_ = false;
  if (session_) CloseIfItThrows([this] { session_->ServeReceived(); });
  WantsToSend();
}

void Connection::OnTurnEnd() {
  send_at_end_ = false;
  Send();
}

void Connection::WantsToSend() {
  if (send_at_end_ || phase_ == Phase::kClosed) return;
  loop_.AtTurnEnd(*this);
  send_at_end_ = true;
}

void Connection::Read() {
  const std::span<std::byte> buffer = loop_.read_buffer();
  for (int i = 0; i < kReadsPerTurn && phase_ == Phase::kOpen && MayRead(); ++i) {
    const ssize_t count = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) return Close();
    const std::span<const std::byte> bytes = buffer.first(static_cast<size_t>(count));
    const bool more = count == 0 ? OnClientEnd() : tls_ ? ReceiveEncrypted(bytes) : Receive(bytes);
    if (!more) phase_ = Phase::kReadingIsOver;
    if (client_ended_ || bytes.size() < buffer.size()) return;
  }
}

bool Connection::OnClientEnd() {
  client_ended_ = true;
  return session_ && session_->ReceiveEnd();
}

bool Connection::Receive(std::span<const std::byte> bytes) {
  return session_ ? session_->Receive(bytes) : Recognise(bytes);
}

bool Connection::ReceiveEncrypted(std::span<const std::byte> bytes) {
  if (!tls_->has_begun() && bytes.front() != kTlsHandshake) return RefusePlainText(bytes);
  switch (tls_->Receive(
      bytes, [this](std::span<const std::byte> plain) { return Receive(plain); }, output_)) {
    case TlsStream::Result::kMore:
      return true;
    case TlsStream::Result::kRefused:
      return false;
    case TlsStream::Result::kEnded:
      return OnClientEnd();
    case TlsStream::Result::kFailed:
      break;
  }
  EndAfterTlsFailure();
  return false;
}

void Connection::EndAfterTlsFailure() {
  LogTlsFailure(socket_.get(), tls_->error());
  session_.reset();  // nothing can be told it any more, or be heard from it
  phase_ = Phase::kReadingIsOver;
}

bool Connection::RefusePlainText(std::span<const std::byte> bytes) {
  LogPlainText(socket_.get());
  tls_.reset();
  output_.Append(PlainTextRefusal(Text(bytes)));
  return false;
}

bool Connection::Recognise(std::span<const std::byte> bytes) {
  first_bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const size_t compared = std::min(first_bytes_.size(), kHttp2Begins.size());
  const bool is_http2 = std::string_view(first_bytes_).substr(0, compared) == kHttp2Begins.substr(0, compared);
  if (is_http2 && compared < kHttp2Begins.size()) return true;
  if (is_http2) {
    session_ = std::make_unique<Http2Session>(*this, services_);
  } else {
    if (LooksLikeTls(first_bytes_)) LogUnexpectedTls(socket_.get());
    session_ = std::make_unique<Http1Session>(*this, services_);
  }
  if (draining_) session_->BeginDrain();
  const std::string first = std::exchange(first_bytes_, {});
  return session_->Receive(std::as_bytes(std::span(first)));
}

void Connection::Send() {
  if (phase_ == Phase::kClosed || phase_ == Phase::kLingering) return;
  CloseIfItThrows([this] { SendAll(); });
}

bool Connection::MayRead() const {
  // What TLS answers by itself is not to pile up.
  if (tls_ && output_.pending() >= services_->limits.socket_output_bytes) return false;
  return !session_ || session_->WantsToReceive();
}

void Connection::WaitForEvents() {
  uint32_t events = 0;
  if (phase_ == Phase::kOpen && !client_ended_ && MayRead()) events |= EPOLLIN | EPOLLRDHUP;
  if (socket_full_) events |= EPOLLOUT;
  // Nobody says when memory is there again.
  if (events == 0 && services_->memory->spent()) CheckSoon();
  if (events == waits_for_) return;
  waits_for_ = events;
  loop_.Modify(socket_.get(), events, *this);
}

void Connection::CheckSoon() {
  loop_.timers().Cancel(retry_);
  retry_ = loop_.timers().At(TimerQueue::Clock::now() + kRetryAfter, [this] { WaitForEvents(); });
}

void Connection::CheckTime() {
  const auto now = TimerQueue::Clock::now();
  if (!socket_full_ || output_.written() != written_) {
    write_progress_ = now;
    written_ = output_.written();
  }
  if (TimedOut(now)) return Abort();
  timer_ = loop_.timers().At(now + kCheckEvery, [this] { CloseIfItThrows([this] { CheckTime(); }); });
  // A session that let its client wait may read on by now.
  WaitForEvents();
}

bool Connection::TimedOut(TimerQueue::Clock::time_point now) {
  const TransportLimits& limits = services_->limits;
  if (socket_full_ && now - write_progress_ > services_->WriteTimeout()) return true;
  if (tls_ && !tls_->is_open()) {
    const bool late = now - opened_ > limits.handshake_timeout;
    if (late) LogTlsFailure(socket_.get(), "the handshake took too long");
    return late;
  }
  if (!session_) return now - opened_ > limits.header_timeout;
  return session_->TimedOut(now);
}

void Connection::BeginDrain() {
  draining_ = true;
  if (session_) {
    session_->BeginDrain();
  } else {
    phase_ = Phase::kReadingIsOver;
  }
  WantsToSend();
}

void Connection::CancelAll() {
  if (session_) session_->CancelAll();
  WantsToSend();
}

// What the client has not read is dropped: it keeps no memory of the system's.
void Connection::Abort() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  if (phase_ != Phase::kClosed) setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  Close();
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  StopTimers();
  loop_.Remove(socket_.get());
  session_.reset();
  socket_.Close();
  owner_.Leave(*this);
}

}  // namespace lamina::server
