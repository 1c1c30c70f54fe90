// A connection on a port with TLS, from its socket to its services: what is no handshake, what is none any more,
// records that are none, and what sessions read. However it goes, a connection whose client has left ends.
#include <openssl/ssl.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <filesystem>
#include <memory>

#include "server/transport/connection_count.h"
#include "server/transport/event_loop.h"
#include "server/transport/loop_connections.h"
#include "server/transport/services.h"
#include "server/transport/testing/echo.h"
#include "server/transport/testing/test_certificate.h"
#include "tests/fuzz/check_tensors.h"
#include "tests/fuzz/tls_fuzz_client.h"

namespace lamina::server {
namespace {

std::shared_ptr<TlsSource> Certificate() {
  std::string folder = std::filesystem::temp_directory_path() / "tls_fuzz_XXXXXX";
  Require(mkdtemp(folder.data()) != nullptr);
  const TestCertificate certificate("server");
  const auto source = TlsSource::Load({.certificate_file = certificate.WriteCertificate(folder + "/c.pem"),
                                       .key_file = certificate.WriteKey(folder + "/k.pem")});
  std::filesystem::remove_all(folder);
  Require(source.ok());
  return *source;
}

std::shared_ptr<const Services> MakeServices() {
  spdlog::set_level(spdlog::level::off);
  Services services;
  services.grpc.Add("S", "E",
                    GrpcUnaryHandler([](std::unique_ptr<GrpcCall> call) { call->Respond(Copy(call->message())); }));
  services.grpc.Add("S", "C", GrpcStreamHandler([](std::shared_ptr<GrpcStream> stream) {
                      return std::make_unique<EchoReader>(std::move(stream));
                    }));
  services.http = [](std::unique_ptr<HttpExchange> exchange) {
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = Copy(exchange->request().body);
    exchange->Respond(std::move(response));
  };
  // What is inflated stays within a slice: there are no other threads.
  services.limits.max_message_bytes = Inflation::kSliceBytes / 2;
  services.guards.tls = Certificate();
  services.memory = std::make_shared<MemoryBudget>(size_t{64} << 20);
  return std::make_shared<const Services>(std::move(services));
}

/// What the loop does with one client, in turn with it.
void Serve(std::span<const uint8_t> input) {
  static const std::shared_ptr<const Services> services = MakeServices();
  constexpr int kMostTurns = 100'000;
  const std::shared_ptr<EventLoop> loop = *EventLoop::Make();
  ConnectionCount count(1);
  LoopConnections connections(*loop, services, count);
  int sockets[2];
  Require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets) == 0);
  TlsFuzzClient client(FileDescriptor(sockets[0]), input);
  Require(count.TryAdd());
  connections.Add(FileDescriptor(sockets[1]), /*tls=*/true);
  int turns = 0;
  std::function<void()> turn = [&] {
    const bool there = client.Step();
    const bool over = count.WaitForNone(std::chrono::steady_clock::time_point());
    Require(++turns < kMostTurns);
    if (!there && over) return loop->Stop();
    loop->timers().At(TimerQueue::Clock::now(), turn);
  };
  loop->timers().At(TimerQueue::Clock::now(), turn);
  loop->Run();
}

}  // namespace
}  // namespace lamina::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lamina::server::Serve({data, size});
  return 0;
}
