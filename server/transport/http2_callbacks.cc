#include "server/transport/http2_callbacks.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>

#include "server/transport/http2_session.h"

namespace lamina::server {

/// nghttp2's functions with Http2Session's names. nghttp2 is C: what is thrown must not get to it, but fails the
/// connection.
struct Http2Callbacks {
  static Http2Session& Self(void* user_data) { return *static_cast<Http2Session*>(user_data); }
  static std::string_view Text(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

  template <typename Call>
  static auto Guarded(Call call) -> decltype(call()) {
    try {
      return call();
    } catch (const std::exception& error) {
      spdlog::error("a connection over HTTP/2 is given up: {}", error.what());
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
  }

  static int OnBeginFrame(nghttp2_session*, const nghttp2_frame_hd* frame, void* self) {
    return Guarded([&] {
      Self(self).OnBeginFrame(*frame);
      return 0;
    });
  }

  static int OnBeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    return Guarded([&] { return Self(self).OnBeginHeaders(frame->hd.stream_id); });
  }

  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                      const uint8_t* value, size_t value_size, uint8_t, void* self) {
    // Trailers of requests mean nothing to us.
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    return Guarded(
        [&] { return Self(self).OnHeader(frame->hd.stream_id, Text(name, name_size), Text(value, value_size)); });
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    return Guarded([&] { return Self(self).OnFrame(*frame); });
  }

  static int OnData(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size, void* self) {
    return Guarded([&] { return Self(self).OnData(id, std::as_bytes(std::span(data, size))); });
  }

  static int OnClose(nghttp2_session*, int32_t id, uint32_t, void* self) {
    return Guarded([&] { return Self(self).OnClose(id); });
  }

  static int OnSent(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    return Guarded([&] { return Self(self).OnSent(*frame); });
  }

  static bool IsFull(const Http2Session& self) {
    return self.output_->pending() >= self.services_->limits.socket_output_bytes;
  }

  static ssize_t Send(nghttp2_session*, const uint8_t* data, size_t size, int, void* self) {
    if (IsFull(Self(self))) return NGHTTP2_ERR_WOULDBLOCK;
    return Guarded([&] {
      Self(self).output_->Append(Text(data, size));
      return static_cast<ssize_t>(size);
    });
  }

  static int SendData(nghttp2_session*, nghttp2_frame*, const uint8_t* frame_header, size_t size,
                      nghttp2_data_source* source, void* self) {
    constexpr size_t kFrameHeaderBytes = 9;
    if (IsFull(Self(self))) return NGHTTP2_ERR_WOULDBLOCK;
    return Guarded([&] {
      Self(self).output_->Append(Text(frame_header, kFrameHeaderBytes));
      auto& stream = *static_cast<Http2Stream*>(source->ptr);
      stream.body_.Move(size, *Self(self).output_);
      Self(self).CountUnsent(stream);
      return 0;
    });
  }

  static ssize_t ReadBody(nghttp2_session*, int32_t, uint8_t* to, size_t size, uint32_t* flags,
                          nghttp2_data_source* source, void* self) {
    auto& stream = *static_cast<Http2Stream*>(source->ptr);
    return Guarded([&] { return Self(self).ReadBody(stream, std::as_writable_bytes(std::span(to, size)), flags); });
  }

  /// As large as the client takes it: nghttp2's own limit is 16 KB.
  static ssize_t FrameSize(nghttp2_session*, uint8_t, int32_t, int32_t session_window, int32_t stream_window,
                           uint32_t max_frame_size, void*) {
    return std::max<ssize_t>(1, std::min({static_cast<ssize_t>(session_window), static_cast<ssize_t>(stream_window),
                                          static_cast<ssize_t>(max_frame_size)}));
  }
};

namespace {

// What a client may send ahead of us, on a stream and on the connection: a large tensor then comes without a pause.
constexpr uint32_t kStreamWindow = 8u << 20;
constexpr int32_t kConnectionWindow = 64 << 20;
constexpr uint32_t kFrameBytes = 1u << 20;

nghttp2_session_callbacks* MakeCallbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) != 0) throw std::bad_alloc();
  nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, Http2Callbacks::OnBeginFrame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Http2Callbacks::OnBeginHeaders);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Http2Callbacks::OnHeader);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Http2Callbacks::OnFrame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Http2Callbacks::OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Http2Callbacks::OnClose);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, Http2Callbacks::OnSent);
  nghttp2_session_callbacks_set_send_callback(callbacks, Http2Callbacks::Send);
  nghttp2_session_callbacks_set_send_data_callback(callbacks, Http2Callbacks::SendData);
  nghttp2_session_callbacks_set_data_source_read_length_callback(callbacks, Http2Callbacks::FrameSize);
  return callbacks;
}

struct DeleteOption {
  void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};

std::unique_ptr<nghttp2_option, DeleteOption> MakeOption(const TransportLimits& limits) {
  nghttp2_option* option = nullptr;
  if (nghttp2_option_new(&option) != 0) throw std::bad_alloc();
  // Closed streams are kept for RFC 7540's priorities only, which nobody uses.
  nghttp2_option_set_no_closed_streams(option, 1);
  // Windows are given back when there is room (Http2Session::GiveBack).
  nghttp2_option_set_no_auto_window_update(option, 1);
  // gRPC lets metadata have spaces around it, and its clients send them as they are.
  nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(option, 1);
  nghttp2_option_set_stream_reset_rate_limit(option, limits.stream_resets_burst, limits.stream_resets_per_s);
  return std::unique_ptr<nghttp2_option, DeleteOption>(option);
}

}  // namespace

nghttp2_session* MakeNghttp2Session(Http2Session& session, const TransportLimits& limits) {
  static const nghttp2_session_callbacks* const callbacks = MakeCallbacks();
  nghttp2_session* made = nullptr;
  if (nghttp2_session_server_new2(&made, callbacks, &session, MakeOption(limits).get()) != 0) throw std::bad_alloc();
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.max_streams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, kFrameBytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<uint32_t>(limits.max_header_bytes)}};
  nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
  return made;
}

nghttp2_data_provider BodyProvider(void* stream) {
  nghttp2_data_provider provider;
  provider.source.ptr = stream;
  provider.read_callback = Http2Callbacks::ReadBody;
  return provider;
}

}  // namespace lamina::server
