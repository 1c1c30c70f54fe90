#include "server/transport/testing/http2_client.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace lamina::server {

struct Http2ClientCallbacks {
  static Http2Client& Self(void* client) { return *static_cast<Http2Client*>(client); }

  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                      const uint8_t* value, size_t value_size, uint8_t, void* self) {
    Self(self).responses_[frame->hd.stream_id].headers[std::string(name, name + name_size)] =
        std::string(value, value + value_size);
    return 0;
  }

  static int OnData(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size, void* self) {
    Self(self).responses_[id].body.append(reinterpret_cast<const char*>(data), size);
    return 0;
  }

  static int OnClose(nghttp2_session*, int32_t id, uint32_t error, void* self) {
    auto& response = Self(self).responses_[id];
    response.closed = true;
    response.error = error;
    return 0;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    if (frame->hd.type == NGHTTP2_GOAWAY) Self(self).goaway_ = frame->goaway.error_code;
    return 0;
  }

  static ssize_t Read(nghttp2_session*, int32_t id, uint8_t* to, size_t size, uint32_t* flags, nghttp2_data_source*,
                      void* self) {
    auto& body = Self(self).bodies_[id];
    const size_t count = std::min(size, body.bytes.size());
    if (count == 0 && !body.end) return NGHTTP2_ERR_DEFERRED;
    std::memcpy(to, body.bytes.data(), count);
    body.bytes.erase(0, count);
    if (body.bytes.empty() && body.end) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }
};

Http2Client::Http2Client(int port, const std::vector<nghttp2_settings_entry>& settings) : socket_(port) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Http2ClientCallbacks::OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Http2ClientCallbacks::OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Http2ClientCallbacks::OnClose);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Http2ClientCallbacks::OnFrame);
  nghttp2_session_client_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, /*stream_id=*/0, 64 << 20);
}

Http2Client::~Http2Client() { nghttp2_session_del(session_); }

int32_t Http2Client::Send(const Headers& headers, const std::string& body, bool end) {
  std::vector<nghttp2_nv> fields;
  const auto bytes = [](const std::string& text) { return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data())); };
  for (const auto& [name, value] : headers) {
    fields.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  nghttp2_data_provider provider{};
  provider.read_callback = Http2ClientCallbacks::Read;
  const int32_t id = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                            body.empty() && end ? nullptr : &provider, nullptr);
  bodies_[id] = {body, end};
  Flush();
  return id;
}

void Http2Client::SendMore(int32_t stream, const std::string& body, bool end) {
  bodies_[stream].bytes += body;
  bodies_[stream].end = end;
  nghttp2_session_resume_data(session_, stream);
  Flush();
}

void Http2Client::Cancel(int32_t stream) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
  Flush();
}

void Http2Client::Flush() {
  const uint8_t* data = nullptr;
  for (ssize_t size; connected_ && (size = nghttp2_session_mem_send(session_, &data)) > 0;) {
    connected_ = socket_.Send({reinterpret_cast<const char*>(data), static_cast<size_t>(size)});
  }
}

bool Http2Client::Exchange() {
  Flush();
  const std::string bytes = socket_.Receive();
  if (bytes.empty()) {
    connected_ = false;
  } else {
    nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  Flush();
  return !bytes.empty();
}

const Http2Client::Response& Http2Client::Wait(int32_t stream) {
  Response& response = responses_[stream];
  while (!response.closed && Exchange()) {
  }
  return response;
}

const Http2Client::Response& Http2Client::WaitForBody(int32_t stream, size_t size) {
  Response& response = responses_[stream];
  while (!response.closed && response.body.size() < size && Exchange()) {
  }
  return response;
}

uint32_t Http2Client::WaitForGoaway() {
  while (Exchange()) {
  }
  return goaway_;
}

Http2Client::Headers Http2Client::Grpc(const std::string& path, const Headers& more) {
  Headers headers = {{":method", "POST"},      {":scheme", "http"}, {":path", path},
                     {":authority", "server"}, {"te", "trailers"},  {"content-type", "application/grpc"}};
  headers.insert(headers.end(), more.begin(), more.end());
  return headers;
}

std::string Http2Client::Framed(const std::string& message) {
  const size_t n = message.size();
  return std::string{'\0', static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                     static_cast<char>(n)} +
         message;
}

}  // namespace lamina::server
