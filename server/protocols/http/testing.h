#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_TESTING_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_TESTING_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/protocols/http/http.h"

namespace lamina::server::testing {

/// What a test sends. Header names in lower case.
struct SentRequest {
  std::string method = "GET";
  std::string path;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// What came back; `status` is 0 while nothing has, and -1 when the exchange was dropped unanswered.
struct Reply {
  int status = 0;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  std::string Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

/// An exchange without a transport. `reply` must outlive it.
class FakeExchange final : public HttpExchange {
 public:
  FakeExchange(const SentRequest& sent, Reply& reply) : sent_(sent), reply_(reply) {
    for (const auto& [name, value] : sent_.headers) headers_.push_back({name, value});
    // Exactly as large as the text, so that the address sanitizer sees a byte read behind it.
    body_.assign(sent_.body.begin(), sent_.body.end());
    body_.shrink_to_fit();
    request_.method = sent_.method;
    request_.path = sent_.path;
    request_.headers = headers_;
    request_.body = std::as_bytes(std::span(body_));
  }

  ~FakeExchange() override {
    if (reply_.status == 0) reply_.status = -1;
  }

  const HttpRequest& request() const override { return request_; }

  void Respond(HttpResponse response) override {
    reply_ = {
        .status = response.status, .content_type = std::string(response.content_type), .headers = response.headers};
    for (const Bytes& part : response.body) reply_.body += part.text();
  }

 private:
  const SentRequest sent_;
  Reply& reply_;
  std::vector<HttpHeader> headers_;
  std::vector<char> body_;
  HttpRequest request_;
};

/// Sends a request to something that answers before it returns.
template <typename Handler>
Reply Send(const Handler& handler, const SentRequest& request) {
  Reply reply;
  handler(std::make_unique<FakeExchange>(request, reply));
  return reply;
}

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_TESTING_H_
