#ifndef LAMINA_SERVER_TRANSPORT_INCOMING_REQUEST_H_
#define LAMINA_SERVER_TRANSPORT_INCOMING_REQUEST_H_

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "server/protocols/http/http.h"
#include "server/transport/header_list.h"
#include "server/transport/incoming_bytes.h"
#include "server/transport/services.h"

namespace lamina::server {

/// A request over HTTP as it comes in, of either version. Used by one thread at a time; once complete it does not move,
/// as its views lie in it.
class IncomingRequest {
 public:
  explicit IncomingRequest(const Services& services)
      : limit_(services.limits.max_message_bytes),
        memory_(services.memory),
        decompressor_(services.decompressor),
        cors_(services.guards.cors),
        body_(services.memory) {}
  IncomingRequest(const IncomingRequest&) = delete;
  IncomingRequest& operator=(const IncomingRequest&) = delete;

  /// Makes this what it was before anything came in, so that another request can. False: it has taken more memory than
  /// is worth keeping, and is to be destroyed.
  bool Restart();

  void SetMethod(std::string_view method) { method_ = method; }
  /// "/path?query", or with a scheme and a host before it.
  void SetTarget(std::string_view target) { target_ = target; }
  std::string_view method() const { return method_; }
  std::string_view target() const { return target_; }
  HeaderList& headers() { return headers_; }

  /// False: the body is larger than one may be.
  bool ExpectBody(size_t size);
  bool AppendBody(std::span<const std::byte> bytes);

  /// Whether the body has a coding, which is to be undone.
  bool IsCoded() const { return !headers_.Get("content-encoding").empty(); }
  /// The body as it came.
  ReceivedBytes TakeBody() { return body_.Take(); }
  /// The body with its coding undone, as by Decompressor::Run().
  std::optional<absl::StatusOr<ReceivedBytes>> Decode(std::stop_token cancelled, Decompressor::Done later);

  /// Fills request() with `body`, or what was found of it; or says what the client is answered instead, be it that it
  /// asked nothing of a service.
  std::optional<HttpResponse> Complete(absl::StatusOr<ReceivedBytes> body, std::stop_token cancelled);

  const HttpRequest& request() const { return request_; }
  bool is_head() const { return method_ == "HEAD"; }

  /// Chooses how to compress the response, does so, and fits it for the client.
  void Finish(HttpResponse& response) const;

 private:
  const size_t limit_;
  const std::shared_ptr<MemoryBudget> memory_;
  const std::shared_ptr<Decompressor> decompressor_;
  const std::shared_ptr<const CorsPolicy> cors_;  // nullptr: none
  std::string method_, target_;
  HeaderList headers_;
  IncomingBytes body_;

  // When complete.
  ReceivedBytes content_;
  std::vector<HttpHeader> views_;
  HttpRequest request_;
};

/// What a client is told that did something wrong: {"error": sentence}. `sentence` has no quotes or backslashes.
HttpResponse Refusal(int status, const std::string& sentence);

/// The answer to a request whose exchange is destroyed unanswered. Called by the destructor.
HttpResponse DroppedResponse();

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_INCOMING_REQUEST_H_
