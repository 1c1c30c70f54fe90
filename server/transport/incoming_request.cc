#include "server/transport/incoming_request.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/no_memory.h"
#include "server/transport/compression.h"
#include "server/transport/outgoing_body.h"

namespace lamina::server {
namespace {

constexpr size_t kWorthCompressing = 1024;
// What the head of most requests counts, so that connections that wait do not keep more.
constexpr size_t kKeptHead = size_t{2} << 10;

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// The coding to answer with, of a list such as "gzip, deflate;q=0.5". What is not text is compressed only for those
/// who ask for one coding by name: libraries say by themselves that they know several, and tensors compress slowly and
/// badly.
Coding ChooseCoding(std::string_view accepted, std::string_view content_type) {
  const bool is_text = content_type.starts_with("text/") || content_type.starts_with("application/json");
  if (!is_text && accepted.find(',') != std::string_view::npos) return Coding::kIdentity;
  while (!accepted.empty()) {
    const std::string_view item = accepted.substr(0, accepted.find(','));
    accepted.remove_prefix(std::min(accepted.size(), item.size() + 1));
    const std::string_view name = Trimmed(item.substr(0, item.find(';')));
    const std::string_view quality = item.size() > name.size() ? item.substr(item.find(';') + 1) : std::string_view();
    const std::optional<Coding> coding = ParseCoding(name);
    const std::string_view weight = Trimmed(quality);
    const bool refused = weight == "q=0" || weight == "q=0.0" || weight == "q=0.00" || weight == "q=0.000";
    if (coding && *coding != Coding::kIdentity && !refused) return *coding;
  }
  return Coding::kIdentity;
}

HttpResponse RefuseBody(const absl::Status& why) {
  const std::string sentence(why.message());
  if (absl::IsUnimplemented(why)) return Refusal(415, sentence);
  return Refusal(absl::IsResourceExhausted(why) ? 413 : 400, "the body cannot be taken: " + sentence);
}

}  // namespace

HttpResponse Refusal(int status, const std::string& sentence) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body.emplace_back(absl::StrCat("{\"error\":\"", sentence, "\"}"));
  return response;
}

HttpResponse DroppedResponse() {
  if (IsThrownAway()) return Refusal(429, std::string(NoMemory("the request").message()));
  return Refusal(500, "the server dropped the request without an answer; please report this");
}

bool IncomingRequest::ExpectBody(size_t size) {
  if (size > limit_) return false;
  body_.Expect(size);
  return true;
}

bool IncomingRequest::AppendBody(std::span<const std::byte> bytes) {
  if (bytes.size() > limit_ - body_.size()) return false;
  body_.Append(bytes);
  return true;
}

bool IncomingRequest::Restart() {
  if (target_.size() + headers_.size() > kKeptHead) return false;
  method_.clear();
  target_.clear();
  headers_.Clear();
  body_.Take();
  content_ = {};
  views_.clear();
  request_ = {};
  return true;
}

std::optional<absl::StatusOr<ReceivedBytes>> IncomingRequest::Decode(std::stop_token cancelled,
                                                                     Decompressor::Done later) {
  const std::optional<Coding> coding = ParseCoding(Trimmed(headers_.Get("content-encoding")));
  if (!coding) {
    return absl::UnimplementedError(
        "this Content-Encoding is not supported; send the body as it is, or as gzip or deflate");
  }
  if (*coding == Coding::kIdentity || body_.size() == 0) return TakeBody();
  return decompressor_->Run(std::make_unique<Inflation>(*coding, TakeBody(), limit_, memory_), std::move(cancelled),
                            std::move(later));
}

std::optional<HttpResponse> IncomingRequest::Complete(absl::StatusOr<ReceivedBytes> body, std::stop_token cancelled) {
  if (!body.ok()) {
    HttpResponse refusal = RefuseBody(body.status());
    if (cors_) cors_->AddTo(headers_.Get("origin"), refusal);
    return refusal;
  }
  content_ = *std::move(body);
  headers_.GetViews(views_);
  std::string_view target = target_;
  if (!target.starts_with('/')) {
    if (const size_t scheme = target.find("://"); scheme != std::string_view::npos) {
      const size_t path = target.find('/', scheme + 3);
      target = path == std::string_view::npos ? "/" : target.substr(path);
    }
  }
  target = target.substr(0, target.find('#'));
  const size_t query = target.find('?');
  request_.method = is_head() ? std::string_view("GET") : std::string_view(method_);
  request_.path = target.substr(0, query);
  request_.query = query == std::string_view::npos ? std::string_view() : target.substr(query + 1);
  request_.headers = views_;
  request_.body = {content_.bytes.data(), content_.bytes.size()};
  request_.cancelled = std::move(cancelled);
  return cors_ ? cors_->Preflight(request_) : std::nullopt;
}

void IncomingRequest::Finish(HttpResponse& response) const {
  if (cors_) cors_->AddTo(headers_.Get("origin"), response);
  const auto is_coded = [](const auto& header) { return header.first == "content-encoding"; };
  if (std::any_of(response.headers.begin(), response.headers.end(), is_coded)) return;
  if (TotalSize(response.body) < kWorthCompressing) return;
  const Coding coding = ChooseCoding(headers_.Get("accept-encoding"), response.content_type);
  if (coding == Coding::kIdentity) return;
  Bytes compressed = Compress(coding, response.body);
  response.body.clear();
  response.body.push_back(std::move(compressed));
  response.headers.emplace_back("content-encoding", CodingName(coding));
  response.headers.emplace_back("vary", "accept-encoding");
}

}  // namespace lamina::server
