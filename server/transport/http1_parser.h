#ifndef LAMINA_SERVER_TRANSPORT_HTTP1_PARSER_H_
#define LAMINA_SERVER_TRANSPORT_HTTP1_PARSER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "server/transport/incoming_request.h"

namespace lamina::server {

/// Reads one request of HTTP/1.1 into an IncomingRequest, by Boost.Beast's parser. Used by one thread.
class Http1Parser {
 public:
  /// `request` outlives this.
  Http1Parser(IncomingRequest& request, size_t max_header_bytes);
  ~Http1Parser();
  Http1Parser(const Http1Parser&) = delete;
  Http1Parser& operator=(const Http1Parser&) = delete;

  /// Takes bytes off the front of the stream and returns how many: none of a part that is not whole yet, which has to
  /// come again with more behind it.
  size_t Put(std::span<const std::byte> bytes);

  bool has_begun() const;
  bool has_headers() const;
  bool is_done() const;
  /// 0, or the status of the refusal when this is no request that can be taken; then error() says why.
  int refusal() const;
  const std::string& error() const;

  // When it has headers.
  bool expects_continue() const;
  bool keep_alive() const;

 private:
  class Parser;
  const std::unique_ptr<Parser> parser_;
  size_t too_few_ = 0;  // bytes of a part that is not whole, which came last
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP1_PARSER_H_
