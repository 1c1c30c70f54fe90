#include "server/transport/http2_session.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/api/no_memory.h"
#include "server/transport/connection.h"
#include "server/transport/grpc_receiver.h"
#include "server/transport/http2_callbacks.h"
#include "server/transport/http2_exchange.h"
#include "server/transport/http2_log.h"
#include "server/transport/in_destructor.h"

namespace lamina::server {
namespace {

// Requests of one connection before others have their turn, and answers are sent.
constexpr size_t kServedAtOnce = 8;
// Between saying that it is over and refusing what comes: what a client sent meanwhile is still served.
constexpr auto kGoodbyeTakes = std::chrono::milliseconds(100);

}  // namespace

Http2Session::Http2Session(Connection& connection, std::shared_ptr<const Services> services)
    : connection_(connection),
      services_(std::move(services)),
      session_(MakeNghttp2Session(*this, services_->limits)),
      unended_(2 * services_->limits.max_streams),
      overdraft_(services_->Overdraft()),
      last_request_(Clock::now()) {}

Http2Session::~Http2Session() {
  connection_.loop().timers().Cancel(goodbye_);
  // nghttp2 does not report the streams that it closes now.
  for (const auto& stream : Open()) OnClose(stream->id());
  nghttp2_session_del(session_);
}

bool Http2Session::Receive(std::span<const std::byte> bytes) {
  const ssize_t taken =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (taken == static_cast<ssize_t>(bytes.size())) return true;
  failed_ = true;
  if (taken < 0) connection_.LogClient(WhyCutOff(static_cast<int>(taken)));
  return false;
}

bool Http2Session::ReceiveEnd() {
  failed_ = true;  // nobody can say any more how much may be sent
  return false;
}

void Http2Session::BeginDrain() {
  if (std::exchange(draining_, true)) return;
  nghttp2_submit_shutdown_notice(session_);
  goodbye_ = connection_.loop().timers().At(Clock::now() + kGoodbyeTakes, [this] { SayGoodbye(); });
}

void Http2Session::SayGoodbye() {
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_),
                        NGHTTP2_NO_ERROR, nullptr, 0);
  connection_.WantsToSend();
}

void Http2Session::CancelAll() {
  for (const auto& stream : Open()) {
    if (stream->receiver_) {
      stream->receiver_->Refuse(absl::UnavailableError("the server is stopping; ask again, or another server"), 503);
    }
    stream->RequestStop();
  }
}

Http2Stream* Http2Session::Find(int32_t id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second.get();
}

std::vector<std::shared_ptr<Http2Stream>> Http2Session::Open() const {
  std::vector<std::shared_ptr<Http2Stream>> open;
  open.reserve(streams_.size());
  for (const auto& [id, stream] : streams_) open.push_back(stream);
  return open;
}

// nghttp2 ignores what comes for a stream that is closed, as it may have been on its way. Where the client itself had
// ended the stream, it cannot have been. (DATA for a closed stream is ignored before it comes here.)
void Http2Session::OnBeginFrame(const nghttp2_frame_hd& frame) {
  if (unended_.Note(frame) || nghttp2_session_find_stream(session_, frame.stream_id) != nullptr) return;
  nghttp2_session_terminate_session(session_, NGHTTP2_STREAM_CLOSED);
  connection_.WantsToSend();
}

int Http2Session::OnBeginHeaders(int32_t id) {
  headers_under_way_ = id;
  headers_began_ = Clock::now();
  // Requests that were taken back may still run: without this a client could start any number of them.
  if (alive_->load(std::memory_order_relaxed) >= 2 * static_cast<int>(services_->limits.max_streams)) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
    return 0;
  }
  streams_[id] = std::make_shared<Http2Stream>(*this, id, connection_.loop().shared_from_this(), alive_);
  return 0;
}

int Http2Session::OnHeader(int32_t id, std::string_view name, std::string_view value) {
  Http2Stream* stream = Find(id);
  if (stream == nullptr) return 0;
  const size_t size = stream->headers_.size() + name.size() + value.size() + HeaderList::kEntryBytes;
  if (size > services_->limits.max_header_bytes) stream->headers_too_large_ = true;
  if (!stream->headers_too_large_) stream->headers_.Add(name, value);
  return 0;
}

int Http2Session::OnFrame(const nghttp2_frame& frame) {
  const bool end = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  const bool is_headers = frame.hd.type == NGHTTP2_HEADERS;
  const bool is_data = frame.hd.type == NGHTTP2_DATA;
  if (!is_headers && !(is_data && (end || frame.hd.length > 0)) && frame.hd.type != NGHTTP2_WINDOW_UPDATE &&
      frame.hd.type != NGHTTP2_RST_STREAM && TooManyControlFrames()) {
    nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
    return 0;
  }
  if (is_headers) headers_under_way_ = 0;
  const auto found = is_headers || is_data ? streams_.find(frame.hd.stream_id) : streams_.end();
  if (found == streams_.end()) return 0;
  const std::shared_ptr<Http2Stream> stream = found->second;  // an answer may close it
  GiveUpIfItThrows(*stream, [&] {
    if (is_headers && frame.headers.cat == NGHTTP2_HCAT_REQUEST) BeginRequest(*stream);
  });
  if (!end) return 0;
  stream->request_ended_ = true;
  received_.push_back(stream);
  connection_.WantsToServe();
  return 0;
}

void Http2Session::ServeReceived() {
  const auto end = received_.begin() + static_cast<ptrdiff_t>(std::min(received_.size(), kServedAtOnce));
  for (auto stream = received_.begin(); stream != end; ++stream) {
    GiveUpIfItThrows(**stream, [&] { EndRequest(**stream); });
  }
  received_.erase(received_.begin(), end);
  if (!received_.empty()) connection_.WantsToServe();
}

// It is memory that cannot be had. When there is none even for an answer, the stream is reset, now or when the session
// looks at the time.
template <typename Call>
void Http2Session::GiveUpIfItThrows(Http2Stream& stream, Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    spdlog::error("a request over HTTP/2 is given up: {}", error.what());
    InDestructor([&] {
      if (stream.receiver_) stream.receiver_->Refuse(NoMemory("the request"), 429);
    });
    stream.receiver_.reset();
    stream.RequestStop();
    if (!stream.CanRespond() && !stream.CanWrite()) return;
    stream.LeaveUnanswered();
    CheckStream(stream, Clock::now());
  }
}

void Http2Session::BeginRequest(Http2Stream& stream) {
  last_request_ = Clock::now();
  if (stream.headers_too_large_) {
    const HttpHeader headers[] = {{":status", "431"}, {"content-length", "0"}};
    stream.SendHeadersOnly(headers);
    return;
  }
  stream.receiver_ =
      IsGrpc(stream.headers()) ? MakeGrpcReceiver(stream, services_) : MakeHttp2Receiver(stream, services_);
}

void Http2Session::EndRequest(Http2Stream& stream) {
  if (!stream.receiver_) return;
  const absl::Status room = RoomForAnswer(0);
  if (room.ok() || !stream.CanRespond()) return stream.receiver_->OnEnd();
  stream.receiver_->Refuse(room, 503);
}

int Http2Session::OnData(int32_t id, std::span<const std::byte> data) {
  withheld_ += data.size();
  GiveBackConnection();
  const auto found = streams_.find(id);
  if (found == streams_.end()) return 0;
  const std::shared_ptr<Http2Stream> stream = found->second;
  stream->withheld_ += data.size();
  stream->body_bytes_ += data.size();
  const bool begins = stream->receiver_ && stream->receiver_->MayPause();  // a message of a streaming call
  if (begins || stream->body_bytes_ >= services_->limits.body_progress_bytes) {
    stream->progress_ = Clock::now();
    stream->body_bytes_ = 0;
  }
  GiveUpIfItThrows(*stream, [&] {
    if (stream->receiver_) stream->receiver_->OnData(data);
  });
  GiveBackTaken(*stream);
  return 0;
}

void Http2Session::GiveBack(Http2Stream& stream) {
  const size_t withheld = stream.withheld_;
  GiveBackTaken(stream);
  if (stream.withheld_ < withheld) stream.progress_ = Clock::now();  // the client had to wait for us until now
}

void Http2Session::GiveBackTaken(Http2Stream& stream) {
  GiveUpIfItThrows(stream, [&] {
    if (stream.receiver_) stream.receiver_->OnRoom();
  });
  if (stream.withheld_ == 0 || !stream.HasRoom()) return;
  if (stream.receiver_ && !stream.receiver_->WantsData()) return;
  nghttp2_session_consume_stream(session_, stream.id(), std::exchange(stream.withheld_, 0));
  connection_.WantsToSend();
}

void Http2Session::GoOnWith(Http2Stream& stream, absl::StatusOr<ReceivedBytes> plain) {
  GiveUpIfItThrows(stream, [&] {
    if (stream.receiver_) stream.receiver_->OnPlain(std::move(plain));
  });
  GiveBack(stream);
}

void Http2Session::GiveUp(const std::exception& error) { connection_.GiveUp(error); }

int Http2Session::OnClose(int32_t id) {
  if (headers_under_way_ == id) headers_under_way_ = 0;  // nghttp2 does not report headers that it refuses
  auto closed = streams_.extract(id);
  if (closed.empty()) return 0;
  Http2Stream& stream = *closed.mapped();
  unsent_ -= std::exchange(stream.counted_, 0);
  if (withheld_ > 0) GiveBackConnection();
  stream.session_ = nullptr;
  if (!stream.response_sent_) stream.RequestStop();
  stream.receiver_.reset();
  return 0;
}

}  // namespace lamina::server
