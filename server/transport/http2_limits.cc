// What an Http2Session bears with: how much it takes in, how often it is asked, and how long it waits.
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <chrono>

#include "server/transport/connection.h"
#include "server/transport/http2_session.h"

namespace lamina::server {
namespace {

// Frames besides those of bodies that wait for the client to read. Each of a client's frames can make one of them.
constexpr size_t kMostFramesUnsent = 10'000;

}  // namespace

bool Http2Session::WantsToReceive() const {
  if (nghttp2_session_get_outbound_queue_size(session_) > kMostFramesUnsent) return false;
  const auto incomplete = [](const auto& entry) { return !entry.second->request_ended_; };
  const bool spent = services_->memory->spent();
  if (spent && std::any_of(streams_.begin(), streams_.end(), incomplete)) return overdraft_.MayGoOn();
  overdraft_.GiveUp();
  return !spent || streams_.empty();
}

bool Http2Session::TimedOut(Clock::time_point now) {
  const TransportLimits& limits = services_->limits;
  if (headers_under_way_ > 0 && now - headers_began_ > limits.header_timeout) return true;
  if (overdraft_.IsHeldSince(now - limits.body_timeout)) return true;
  if (streams_.empty()) return now - last_request_ > limits.idle_timeout;
  last_request_ = now;
  for (const auto& stream : Open()) CheckStream(*stream, now);
  return false;
}

void Http2Session::CheckStream(Http2Stream& stream, Clock::time_point now) {
  const TransportLimits& limits = services_->limits;
  const bool stuck = stream.unsent() > 0 && now - stream.progress_ > services_->WriteTimeout();
  const bool incomplete = !stream.request_ended_ && stream.receiver_ && !stream.receiver_->MayPause() &&
                          now - stream.progress_ > limits.body_timeout;
  if (!stuck && !incomplete && !stream.unanswered_) return;
  // gRPC's clients take the one for RESOURCE_EXHAUSTED.
  const uint32_t error = stream.unanswered_ ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_CANCEL;
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id(), error);
  connection_.WantsToSend();
}

bool Http2Session::TooManyControlFrames() {
  const auto now = Clock::now();
  if (now - control_second_ > std::chrono::seconds(1)) {
    control_second_ = now;
    control_frames_ = 0;
  }
  return ++control_frames_ > services_->limits.max_control_frames_per_s;
}

}  // namespace lamina::server
