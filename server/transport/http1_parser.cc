#include "server/transport/http1_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <limits>
#include <utility>

namespace lamina::server {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastText = boost::beast::string_view;

std::string_view Text(BeastText text) { return {text.data(), text.size()}; }

struct Reason {
  int status;
  const char* sentence;
};

Reason Explain(const error_code& error) {
  if (error == http::error::header_limit) return {431, "the headers are larger than they may be; send fewer"};
  if (error == http::error::body_limit || error == http::error::buffer_overflow) {
    return {413, "the body is larger than one may be; send less at a time"};
  }
  if (error == http::error::bad_version) return {505, "only HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here"};
  return {400, "this is no request of HTTP/1.1 as RFC 9112 defines it"};
}

}  // namespace

/// What Beast calls with what it finds.
class Http1Parser::Parser final : public http::basic_parser<true> {
 public:
  Parser(IncomingRequest& request, size_t max_header_bytes) : request_(request) {
    eager(true);
    header_limit(static_cast<uint32_t>(std::min<size_t>(max_header_bytes, std::numeric_limits<uint32_t>::max())));
    body_limit(std::numeric_limits<uint64_t>::max());  // IncomingRequest knows the limit
  }

  bool has_host = false, expects_continue = false, is_http_1_0 = false;
  int refusal = 0;
  std::string error;

  void Refuse(const error_code& code) {
    const Reason reason = Explain(code);
    refusal = reason.status;
    error = std::string(reason.sentence) + " (" + code.message() + ")";
  }

 private:
  void on_request_impl(http::verb, BeastText method, BeastText target, int version, error_code&) override {
    request_.SetMethod(Text(method));
    request_.SetTarget(Text(target));
    is_http_1_0 = version < 11;
  }

  void on_response_impl(int, BeastText, int, error_code&) override {}

  void on_field_impl(http::field name, BeastText text, BeastText value, error_code& ec) override {
    if (name == http::field::host && std::exchange(has_host, true)) ec = http::error::bad_field;
    if (name == http::field::expect && boost::beast::iequals(value, "100-continue")) expects_continue = true;
    request_.headers().AddAsSent(Text(text), Text(value));
  }

  void on_header_impl(error_code& ec) override {
    if (!has_host && !is_http_1_0) ec = http::error::bad_field;
    const auto length = content_length();
    if (length && !request_.ExpectBody(static_cast<size_t>(*length))) ec = http::error::body_limit;
  }

  void on_body_init_impl(const boost::optional<uint64_t>&, error_code&) override {}

  size_t on_body_impl(BeastText body, error_code& ec) override {
    if (!request_.AppendBody(std::as_bytes(std::span(body.data(), body.size())))) ec = http::error::body_limit;
    return body.size();
  }

  void on_chunk_header_impl(uint64_t, BeastText, error_code&) override {}

  size_t on_chunk_body_impl(uint64_t, BeastText body, error_code& ec) override { return on_body_impl(body, ec); }

  void on_finish_impl(error_code&) override {}

  IncomingRequest& request_;
};

Http1Parser::Http1Parser(IncomingRequest& request, size_t max_header_bytes)
    : parser_(std::make_unique<Parser>(request, max_header_bytes)) {}

Http1Parser::~Http1Parser() = default;

size_t Http1Parser::Put(std::span<const std::byte> bytes) {
  // Beast asserts that there is more when it has asked for more.
  if (bytes.size() <= too_few_) return 0;
  too_few_ = 0;
  size_t taken = 0;
  while (taken < bytes.size() && !parser_->is_done() && refusal() == 0) {
    error_code error;
    const size_t count = parser_->put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), error);
    taken += count;
    if (error == http::error::need_more) {
      too_few_ = bytes.size() - taken;
      break;
    }
    if (error) parser_->Refuse(error);
    if (count == 0) break;
  }
  return taken;
}

bool Http1Parser::has_begun() const { return parser_->got_some(); }
bool Http1Parser::has_headers() const { return parser_->is_header_done(); }
bool Http1Parser::is_done() const { return parser_->is_done(); }
int Http1Parser::refusal() const { return parser_->refusal; }
const std::string& Http1Parser::error() const { return parser_->error; }
bool Http1Parser::expects_continue() const { return parser_->expects_continue; }
bool Http1Parser::keep_alive() const { return parser_->keep_alive(); }

}  // namespace lamina::server
