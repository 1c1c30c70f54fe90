// What an Http2Session sends: answers, and how much of them waits for the client.
#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/transport/connection.h"
#include "server/transport/http2_callbacks.h"
#include "server/transport/http2_log.h"
#include "server/transport/http2_session.h"

namespace lamina::server {
namespace {

// Less than this is copied into the frame: a reference costs about as much.
constexpr size_t kCopiedBytes = size_t{16} << 10;

/// nghttp2 copies them.
template <typename Headers>
std::vector<nghttp2_nv> Fields(const Headers& headers) {
  const auto bytes = [](std::string_view text) { return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data())); };
  std::vector<nghttp2_nv> fields;
  fields.reserve(headers.size());
  for (const auto& [name, value] : headers) {
    fields.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  return fields;
}

}  // namespace

bool Http2Session::Send(SocketOutput& output) {
  output_ = &output;
  const int error = nghttp2_session_send(session_);
  output_ = nullptr;
  if (error != 0) failed_ = true;
  if (failed_) return nghttp2_session_want_write(session_) != 0 && error == 0;
  return nghttp2_session_want_read(session_) != 0 || nghttp2_session_want_write(session_) != 0;
}

absl::Status Http2Session::RoomForAnswer(size_t size) const {
  if (absl::Status room = services_->RoomForAnswer(unsent_ + size); !room.ok()) {
    connection_.LogClient("gets no answer: " + std::string(room.message()));
    return room;
  }
  if (unsent_ <= 8 * services_->limits.max_unsent_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("the client of this connection has ", unsent_,
                   " bytes of answers to read; read them first, or ask over several connections"));
}

void Http2Session::CountUnsent(Http2Stream& stream) {
  unsent_ += stream.unsent() - stream.counted_;
  stream.counted_ = stream.unsent();
  if (withheld_ > 0) GiveBackConnection();
}

void Http2Session::GiveBackConnection() {
  if (unsent_ > services_->limits.max_unsent_bytes) return;
  nghttp2_session_consume_connection(session_, std::exchange(withheld_, 0));
}

int Http2Session::OnSent(const nghttp2_frame& frame) {
  if (frame.hd.type == NGHTTP2_GOAWAY && frame.goaway.error_code != NGHTTP2_NO_ERROR) {
    connection_.LogClient(WhyGoaway(frame.goaway.error_code, services_->limits));
  }
  if ((frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA) ||
      (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) {
    return 0;
  }
  Http2Stream* stream = Find(frame.hd.stream_id);
  if (stream == nullptr) return 0;
  stream->response_sent_ = true;
  // It is answered: what the client still sends is of no use.
  if (!stream->request_ended_) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_NO_ERROR);
  }
  return 0;
}

void Http2Session::SubmitResponse(Http2Stream& stream, std::span<const HttpHeader> headers, bool has_body) {
  const std::vector<nghttp2_nv> fields = Fields(headers);
  const nghttp2_data_provider provider = BodyProvider(&stream);
  connection_.WantsToSend();  // first: it may find no memory
  const nghttp2_data_provider* const body = has_body ? &provider : nullptr;
  const int error = nghttp2_submit_response(session_, stream.id(), fields.data(), fields.size(), body);
  if (error == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
}

void Http2Session::Resume(Http2Stream& stream) {
  CountUnsent(stream);
  if (std::exchange(stream.deferred_, false)) nghttp2_session_resume_data(session_, stream.id());
  connection_.WantsToSend();
}

ssize_t Http2Session::ReadBody(Http2Stream& stream, std::span<std::byte> to, uint32_t* flags) {
  if (stream.withheld_ > 0) GiveBack(stream);  // what was sent before has made room
  const size_t unsent = stream.unsent();
  const size_t count = std::min(to.size(), unsent);
  if (count == 0 && !stream.ended_) {
    stream.deferred_ = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  stream.progress_ = Clock::now();
  if (count == unsent && stream.ended_) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!stream.trailers_.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const std::vector<nghttp2_nv> fields = Fields(stream.trailers_);
      nghttp2_submit_trailer(session_, stream.id(), fields.data(), fields.size());
    }
  }
  if (count > kCopiedBytes / 4 && unsent > kCopiedBytes) {
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;  // Http2Callbacks::SendData moves the bytes
  } else {
    stream.body_.Copy(to.first(count));
    CountUnsent(stream);
  }
  return static_cast<ssize_t>(count);
}

}  // namespace lamina::server
