// An HTTP/1.1 server on Boost.Beast that computes nothing: it reads each request with its body and sends a body that it
// was given. Prints its port and runs until it is killed.

#include <CLI/CLI.hpp>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lamina::bench {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

constexpr size_t kBuffer = size_t{1} << 20;  // reserved: Beast's own growth costs several times as much
constexpr uint64_t kMostBytes = uint64_t{1} << 30;

/// One connection, which keeps itself until the client goes.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const std::string& answer) : stream_(std::move(socket)), answer_(answer) {
    buffer_.reserve(kBuffer);
    stream_.socket().set_option(tcp::no_delay(true));
  }

  void Read() {
    parser_.emplace();
    parser_->body_limit(kMostBytes);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, size_t) {
      if (!error) self->Answer();
    });
  }

 private:
  void Answer() {
    response_ = {};
    response_.version(11);
    response_.keep_alive(parser_->get().keep_alive());
    response_.set(http::field::content_type, "application/octet-stream");
    response_.body() = answer_;
    response_.prepare_payload();
    http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code error, size_t) {
      if (!error && self->response_.keep_alive()) self->Read();
    });
  }

  beast::tcp_stream stream_;
  const std::string& answer_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

void Accept(boost::asio::io_context& context, tcp::acceptor& acceptor, const std::string& answer) {
  acceptor.async_accept(boost::asio::make_strand(context), [&](beast::error_code error, tcp::socket socket) {
    if (!error) std::make_shared<Session>(std::move(socket), answer)->Read();
    Accept(context, acceptor, answer);
  });
}

void Run(const std::string& answer, int threads) {
  boost::asio::io_context context(threads);
  tcp::acceptor acceptor(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
  Accept(context, acceptor, answer);
  std::printf("%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  std::vector<std::jthread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back([&] { context.run(); });
  context.run();
}

}  // namespace
}  // namespace lamina::bench

int main(int argc, char** argv) {
  std::string response;
  int threads = 2;
  CLI::App app("Answers every HTTP request with the same body");
  app.add_option("--response", response, "file with the body")->required()->check(CLI::ExistingFile);
  app.add_option("--threads", threads, "that serve")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  std::ifstream file(response, std::ios::binary);
  lamina::bench::Run(std::string(std::istreambuf_iterator<char>(file), {}), threads);
  return 0;
}
