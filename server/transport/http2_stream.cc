#include "server/transport/http2_stream.h"

#include <exception>

#include "server/transport/http2_session.h"

namespace lamina::server {

Http2Stream::Http2Stream(Http2Session& session, int32_t id, std::shared_ptr<EventLoop> loop,
                         std::shared_ptr<std::atomic<int>> alive)
    : session_(&session), id_(id), loop_(std::move(loop)), alive_(std::move(alive)), progress_(Clock::now()) {
  alive_->fetch_add(1, std::memory_order_relaxed);
}

Http2Stream::~Http2Stream() { alive_->fetch_sub(1, std::memory_order_relaxed); }

void Http2Stream::CloseIfItThrows(absl::FunctionRef<void()> call) {
  try {
    call();
  } catch (const std::exception& error) {
    if (session_ != nullptr) session_->GiveUp(error);
  }
}

absl::Status Http2Stream::RoomForAnswer(size_t size) const { return session_->RoomForAnswer(size); }

void Http2Stream::SendHeaders(std::span<const HttpHeader> headers) {
  session_->SubmitResponse(*this, headers, /*has_body=*/true);
  responding_ = true;
}

void Http2Stream::SendHeadersOnly(std::span<const HttpHeader> headers) {
  session_->SubmitResponse(*this, headers, /*has_body=*/false);
  responding_ = ended_ = true;
}

void Http2Stream::Write(std::vector<Bytes> parts) {
  if (unsent() == 0) progress_ = Clock::now();  // there was nothing that the client could have taken until now
  for (Bytes& part : parts) body_.Append(std::move(part));
  session_->Resume(*this);
}

void Http2Stream::End(std::vector<Trailer> trailers) {
  trailers_ = std::move(trailers);
  ended_ = true;
  session_->Resume(*this);
}

void Http2Stream::Reconsider() {
  if (session_ != nullptr) session_->GiveBack(*this);
}

void Http2Stream::GoOnWith(absl::StatusOr<ReceivedBytes> plain) {
  try {
    RunInLoop([stream = shared_from_this(), plain = std::move(plain)]() mutable {
      if (stream->session_ != nullptr) stream->session_->GoOnWith(*stream, std::move(plain));
    });
  } catch (...) {
    LeaveUnanswered();
    throw;
  }
}

}  // namespace lamina::server
