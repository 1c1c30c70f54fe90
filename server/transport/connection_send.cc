// What a Connection sends, and how it ends when all of it is sent.
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <chrono>

#include "server/transport/connection.h"

namespace lamina::server {
namespace {

constexpr auto kLingerFor = std::chrono::milliseconds(500);

}  // namespace

void Connection::SendAll() {
  while (!socket_full_) {
    const bool more = tls_ ? SendEncrypted() : session_ && session_->Send(output_);
    if (!more && output_.pending() == 0) {
      if (session_ || phase_ == Phase::kReadingIsOver) return Linger();
      break;
    }
    if (output_.pending() == 0) break;
    switch (output_.WriteTo(socket_.get())) {
      case SocketOutput::Result::kSocketBroken:
        return Close();
      case SocketOutput::Result::kSocketFull:
        socket_full_ = true;
        break;
      case SocketOutput::Result::kAllWritten:
        break;
    }
  }
  CountUnsent();
  WaitForEvents();
}

void Connection::CountUnsent() {
  const size_t unsent = output_.pending() + (tls_ ? tls_->plain().pending() : 0) + (session_ ? session_->unsent() : 0);
  if (unsent != unsent_.size()) unsent_.Resize(unsent);
}

bool Connection::SendEncrypted() {
  bool more = session_ && session_->Send(tls_->plain());
  more |= tls_->Encrypt(output_);
  if (session_ && tls_->has_failed()) {
    EndAfterTlsFailure();
    return false;
  }
  if (!more && (session_ || phase_ == Phase::kReadingIsOver)) tls_->SayEnd(output_);
  return more;
}

// Closing with bytes unread makes the system tell the client at once that they were in vain, and it would drop the
// answer that it has not read yet.
void Connection::Linger() {
  if (client_ended_) return Close();
  phase_ = Phase::kLingering;
  shutdown(socket_.get(), SHUT_WR);
  StopTimers();
  timer_ = loop_.timers().At(TimerQueue::Clock::now() + kLingerFor, [this] { Close(); });
  waits_for_ = EPOLLIN;
  loop_.Modify(socket_.get(), waits_for_, *this);
}

void Connection::Discard() {
  const std::span<std::byte> buffer = loop_.read_buffer();
  const ssize_t count = recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) Close();
}

}  // namespace lamina::server
