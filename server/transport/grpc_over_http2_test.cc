// gRPC over real sockets, by a client that can do what well-behaved ones never do.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "server/transport/compression.h"
#include "server/transport/testing/http2_client.h"
#include "server/transport/testing/inflated.h"
#include "server/transport/testing/test_server.h"

namespace lamina::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

std::string GrpcStatusOf(const Http2Client::Response& response) {
  const auto found = response.headers.find("grpc-status");
  return found == response.headers.end() ? "none" : found->second;
}

TEST(GrpcOverHttp2Test, AnswersFromThisThreadAndFromAnother) {
  TestServer server;
  Http2Client client(server.port());
  for (const Http2Client::Headers& more : {Http2Client::Headers{}, Http2Client::Headers{{"x-answer-later", "1"}}}) {
    for (const size_t size : {size_t{0}, size_t{1}, size_t{16'384}, size_t{100'000}, size_t{5'000'000}}) {
      const std::string message = Http2Client::Framed(std::string(size, 'm'));
      const auto& response = client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo", more), message));
      EXPECT_EQ(response.headers.at(":status"), "200");
      EXPECT_EQ(response.headers.at("content-type"), "application/grpc");
      EXPECT_TRUE(response.body == message) << size << " bytes";
      EXPECT_EQ(GrpcStatusOf(response), "0");
    }
  }
}

TEST(GrpcOverHttp2Test, ManyStreamsAtOnce) {
  TestServer server;
  Http2Client client(server.port());
  std::vector<int32_t> streams;
  for (int i = 0; i < 300; ++i) {
    const Http2Client::Headers later = i % 2 ? Http2Client::Headers{{"x-answer-later", "1"}} : Http2Client::Headers{};
    streams.push_back(client.Send(Http2Client::Grpc("/t.S/Echo", later), Http2Client::Framed(std::to_string(i))));
  }
  for (int i = 0; i < 300; ++i) EXPECT_EQ(client.Wait(streams[i]).body, Http2Client::Framed(std::to_string(i)));
}

TEST(GrpcOverHttp2Test, Errors) {
  TestServer server;
  Http2Client client(server.port());
  const struct {
    Http2Client::Headers headers;
    std::string body;
    const char* status;
    const char* message;
  } kCases[] = {
      {Http2Client::Grpc("/t.S/Fail"), Http2Client::Framed("x"), "5", "no 100%25 luck"},
      {Http2Client::Grpc("/t.S/None"), Http2Client::Framed("x"), "12", "no method /t.S/None"},
      {Http2Client::Grpc("/t.S/Echo"), "", "12", "one message"},
      {Http2Client::Grpc("/t.S/Echo"), Http2Client::Framed("a") + Http2Client::Framed("b"), "12", "second"},
      {Http2Client::Grpc("/t.S/Echo"), std::string("\0\0\0\0\x9xx", 7), "13", "within a message"},
      {Http2Client::Grpc("/t.S/Echo"), std::string("\0\x7F\0\0\0xx", 7), "8", "larger than"},
      {Http2Client::Grpc("/t.S/Echo", {{"grpc-encoding", "br"}}), Http2Client::Framed("x"), "12", "'br'"},
      {Http2Client::Grpc("/t.S/Echo", {{"grpc-timeout", "soon"}}), Http2Client::Framed("x"), "3", "'soon'"},
  };
  for (const auto& [headers, body, status, message] : kCases) {
    const auto& response = client.Wait(client.Send(headers, body));
    EXPECT_EQ(GrpcStatusOf(response), status);
    EXPECT_THAT(response.headers.at("grpc-message"), HasSubstr(message));
  }
  EXPECT_EQ(GrpcStatusOf(client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo"), Http2Client::Framed("x")))), "0")
      << "the connection goes on";
}

TEST(GrpcOverHttp2Test, AServiceThatThrowsEndsItsCallAlone) {
  TestServer server;
  Http2Client client(server.port());
  const int32_t kept = client.Send(Http2Client::Grpc("/t.S/Keep"), Http2Client::Framed("kept"));
  ASSERT_TRUE(server.WaitForKept(1));
  const auto& unary = client.Wait(client.Send(Http2Client::Grpc("/t.S/Throw"), Http2Client::Framed("x")));
  EXPECT_EQ(GrpcStatusOf(unary), "8");
  EXPECT_THAT(unary.headers.at("grpc-message"), HasSubstr("the server's memory ran out; ask for less at a time"));
  const auto& stream = client.Wait(client.Send(Http2Client::Grpc("/t.S/ChatThrow"), Http2Client::Framed("x"), false));
  EXPECT_EQ(GrpcStatusOf(stream), "8");
  EXPECT_TRUE(server.WaitForKept(1)) << "its service is told";
  server.Release();
  EXPECT_EQ(client.Wait(kept).body, Http2Client::Framed("kept")) << "the connection goes on";
}

TEST(GrpcOverHttp2Test, CompressedInAndOut) {
  TestServer server;
  Http2Client client(server.port());
  const std::string text(100'000, 'z');
  std::vector<Bytes> parts;
  parts.emplace_back(text);
  std::string framed = Http2Client::Framed(std::string(Compress(Coding::kGzip, parts).text()));
  framed[0] = 1;
  const auto headers =
      Http2Client::Grpc("/t.S/Echo", {{"grpc-encoding", "gzip"}, {"grpc-accept-encoding", "identity, gzip"}});
  const auto& response = client.Wait(client.Send(headers, framed));
  ASSERT_EQ(GrpcStatusOf(response), "0");
  EXPECT_EQ(response.headers.at("grpc-encoding"), "gzip");
  EXPECT_LT(response.body.size(), 2'000u);
  const auto plain = Inflated(Coding::kGzip, response.body.substr(5), 1 << 20);
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->text(), text);
}

TEST(GrpcOverHttp2Test, ADeadlineEndsACallThatRuns) {
  TestServer server;
  Http2Client client(server.port());
  const auto begin = std::chrono::steady_clock::now();
  const auto headers = Http2Client::Grpc("/t.S/Keep", {{"grpc-timeout", "50m"}});
  EXPECT_EQ(GrpcStatusOf(client.Wait(client.Send(headers, Http2Client::Framed("x")))), "4");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(50));
  EXPECT_TRUE(server.WaitForKept(0)) << "and the service is told";
}

TEST(GrpcOverHttp2Test, CancellingAndLeavingStopTheService) {
  TestServer server;
  {
    Http2Client client(server.port());
    const int32_t cancelled = client.Send(Http2Client::Grpc("/t.S/Keep"), Http2Client::Framed("x"));
    EXPECT_TRUE(server.WaitForKept(1));
    client.Cancel(cancelled);
    EXPECT_TRUE(server.WaitForKept(0));
    client.Send(Http2Client::Grpc("/t.S/Keep"), Http2Client::Framed("x"));
    EXPECT_TRUE(server.WaitForKept(1));
  }
  EXPECT_TRUE(server.WaitForKept(0)) << "its connection has gone";
}

TEST(GrpcOverHttp2Test, StreamsBothWays) {
  TestServer server;
  Http2Client client(server.port());
  const std::string one = Http2Client::Framed("one"), large = Http2Client::Framed(std::string(3'000'000, 'x'));
  const int32_t stream = client.Send(Http2Client::Grpc("/t.S/Chat"), one, /*end=*/false);
  EXPECT_EQ(client.WaitForBody(stream, one.size()).body, one) << "before the call ends";
  client.SendMore(stream, large, false);
  EXPECT_TRUE(client.WaitForBody(stream, one.size() + large.size()).body == one + large);
  client.SendMore(stream, "", true);
  EXPECT_EQ(GrpcStatusOf(client.Wait(stream)), "0");
}

/// How many messages /t.S/Much answers of a client that does not read.
int AnsweredInTheEnd(const TestServer& server) {
  int before = -1;
  while (before != server.answered() || before == 0) {
    before = server.answered();
    std::this_thread::sleep_for(milliseconds(300));
  }
  return before;
}

TEST(GrpcOverHttp2Test, AnswersKeepTheirOrderWhateverTheirThreads) {
  TestServer server;
  Http2Client client(server.port());
  const std::string message = Http2Client::Framed("x");
  const auto& response = client.Wait(client.Send(Http2Client::Grpc("/t.S/Both"), message + message));
  const std::string twice = Http2Client::Framed("a") + Http2Client::Framed("b");
  EXPECT_EQ(response.body, twice + twice);
  EXPECT_EQ(GrpcStatusOf(response), "0");
}

TEST(GrpcOverHttp2Test, AStreamIsAnsweredAsItsClientReads) {
  constexpr int kMessages = 2000;
  TestServer server;
  Http2Client client(server.port());
  std::string messages;
  for (int i = 0; i < kMessages; ++i) messages += Http2Client::Framed("");
  const int32_t stream = client.Send(Http2Client::Grpc("/t.S/Much", {{"x-bytes", "100000"}}), messages);
  EXPECT_LT(AnsweredInTheEnd(server), 100) << "which are 10 MB";
  const auto& response = client.Wait(stream);
  EXPECT_EQ(GrpcStatusOf(response), "0");
  EXPECT_EQ(response.body.size(), kMessages * (100'000u + 5));
  EXPECT_EQ(server.memory().used(), 0u);
}

// A frame then is as large as an answer, and with it all goes that was unsent.
TEST(GrpcOverHttp2Test, AStreamOfLargeFramesGoesOn) {
  TestServer server;
  Http2Client client(server.port(), {{NGHTTP2_SETTINGS_MAX_FRAME_SIZE, (16 << 20) - 1},
                                     {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 64 << 20}});
  constexpr int kMessages = 12;
  std::string messages;
  for (int i = 0; i < kMessages; ++i) messages += Http2Client::Framed("");
  const int32_t stream = client.Send(Http2Client::Grpc("/t.S/Much", {{"x-bytes", "6000000"}}), messages);
  EXPECT_LT(AnsweredInTheEnd(server), 8) << "most of them wait for the client to read";
  const auto& response = client.Wait(stream);
  EXPECT_EQ(GrpcStatusOf(response), "0");
  EXPECT_EQ(response.body.size(), kMessages * (6'000'000u + 5));
}

TEST(GrpcOverHttp2Test, DrainLetsCallsFinish) {
  TestServer server;
  Http2Client client(server.port());
  const int32_t stream = client.Send(Http2Client::Grpc("/t.S/Keep"), Http2Client::Framed("x"));
  ASSERT_TRUE(server.WaitForKept(1));
  std::jthread release([&] {
    std::this_thread::sleep_for(milliseconds(300));
    server.Release();
  });
  std::jthread drain([&] { server.transport().Drain(std::chrono::seconds(20)); });
  EXPECT_EQ(client.Wait(stream).body, Http2Client::Framed("x"));
  EXPECT_EQ(client.WaitForGoaway(), static_cast<uint32_t>(NGHTTP2_NO_ERROR));
}

TEST(GrpcOverHttp2Test, DrainCancelsWhatTakesTooLong) {
  TestServer server;
  Http2Client client(server.port());
  const int32_t stream = client.Send(Http2Client::Grpc("/t.S/Keep"), Http2Client::Framed("x"));
  ASSERT_TRUE(server.WaitForKept(1));
  std::jthread drain([&] { server.transport().Drain(milliseconds(200)); });
  EXPECT_EQ(GrpcStatusOf(client.Wait(stream)), "14");
}

TEST(GrpcOverHttp2Test, RapidResetsEndTheConnection) {
  TransportLimits limits;
  limits.stream_resets_burst = 50;
  limits.stream_resets_per_s = 1;
  TestServer server(limits);
  Http2Client client(server.port());
  for (int i = 0; i < 200; ++i) {
    client.Cancel(client.Send(Http2Client::Grpc("/t.S/Keep"), Http2Client::Framed("x")));
  }
  EXPECT_NE(client.WaitForGoaway(), static_cast<uint32_t>(NGHTTP2_NO_ERROR));
  EXPECT_TRUE(server.WaitForKept(0));
}

TEST(GrpcOverHttp2Test, HeadersOverTheLimit) {
  TransportLimits limits;
  limits.max_header_bytes = 2000;
  TestServer server(limits);
  Http2Client client(server.port());
  const auto headers = Http2Client::Grpc("/t.S/Echo", {{"x-large", std::string(3000, 'x')}});
  EXPECT_EQ(client.Wait(client.Send(headers, Http2Client::Framed("x"))).headers.at(":status"), "431");
}

TEST(GrpcOverHttp2Test, MalformedHeadersEndTheirStreamAlone) {
  TransportLimits limits;
  limits.header_timeout = milliseconds(300);
  TestServer server(limits);
  Http2Client client(server.port());
  const auto& malformed =
      client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo", {{"connection", "close"}}), Http2Client::Framed("x")));
  EXPECT_EQ(malformed.error, static_cast<uint32_t>(NGHTTP2_PROTOCOL_ERROR));
  std::this_thread::sleep_for(milliseconds(1700));  // the server looks once a second
  EXPECT_EQ(GrpcStatusOf(client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo"), Http2Client::Framed("x")))), "0")
      << "the connection goes on";
}

TEST(GrpcOverHttp2Test, ABodyThatDoesNotComeIsGivenUp) {
  TransportLimits limits;
  limits.body_timeout = milliseconds(300);
  TestServer server(limits);
  Http2Client client(server.port());
  const std::string half = Http2Client::Framed("abc").substr(0, 6);
  for (const char* method : {"/t.S/Echo", "/t.S/Chat"}) {
    const auto& response = client.Wait(client.Send(Http2Client::Grpc(method), half, false));
    EXPECT_EQ(response.error, static_cast<uint32_t>(NGHTTP2_CANCEL)) << method;
  }
}

TEST(GrpcOverHttp2Test, ATricklingBodyIsGivenUp) {
  TransportLimits limits;
  limits.body_timeout = milliseconds(300);
  TestServer server(limits);
  for (const char* method : {"/t.S/Echo", "/t.S/Chat"}) {
    Http2Client client(server.port());
    const int32_t stream =
        client.Send(Http2Client::Grpc(method), Http2Client::Framed(std::string(9'999, 'x')).substr(0, 9), false);
    for (int i = 0; i < 60; ++i) {
      std::this_thread::sleep_for(milliseconds(50));
      client.SendMore(stream, "x", false);
    }
    EXPECT_EQ(client.Wait(stream).error, static_cast<uint32_t>(NGHTTP2_CANCEL)) << method;
  }
}

TEST(GrpcOverHttp2Test, AStreamMayPauseBetweenMessages) {
  TransportLimits limits;
  limits.body_timeout = milliseconds(300);
  TestServer server(limits);
  Http2Client client(server.port());
  const std::string one = Http2Client::Framed("one");
  const int32_t stream = client.Send(Http2Client::Grpc("/t.S/Chat"), one, /*end=*/false);
  EXPECT_EQ(client.WaitForBody(stream, one.size()).body, one);
  std::this_thread::sleep_for(milliseconds(1700));  // the server looks once a second
  client.SendMore(stream, one, true);
  EXPECT_EQ(client.Wait(stream).body, one + one);
  EXPECT_EQ(GrpcStatusOf(client.Wait(stream)), "0");
}

TEST(GrpcOverHttp2Test, MemoryIsGivenBack) {
  TestServer server;
  Http2Client client(server.port());
  const std::string message = Http2Client::Framed(std::string(3'000'000, 'x'));
  client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo"), message));
  const int32_t kept = client.Send(Http2Client::Grpc("/t.S/Keep"), message);
  EXPECT_TRUE(server.WaitForKept(1));
  EXPECT_GE(server.memory().used(), 3'000'000u);
  client.Cancel(kept);
  EXPECT_TRUE(server.WaitForKept(0));
  client.Wait(client.Send(Http2Client::Grpc("/t.S/Echo"), Http2Client::Framed("x")));
  EXPECT_EQ(server.memory().used(), 0u);
}

TEST(GrpcOverHttp2Test, SpentMemoryMakesClientsWait) {
  TestServer server({}, /*memory=*/1'000'000);
  Http2Client first(server.port()), second(server.port());
  const std::string message = Http2Client::Framed(std::string(2'000'000, 'x'));
  first.Wait(first.Send(Http2Client::Grpc("/t.S/Echo"), Http2Client::Framed("")));  // it knows its window then
  first.Send(Http2Client::Grpc("/t.S/Keep"), message);
  ASSERT_TRUE(server.WaitForKept(1));
  std::jthread release([&] {
    std::this_thread::sleep_for(milliseconds(200));
    server.Release();
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(second.Wait(second.Send(Http2Client::Grpc("/t.S/Echo"), message)).body == message);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(150));
}

}  // namespace
}  // namespace lamina::server
