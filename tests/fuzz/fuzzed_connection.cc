#include "tests/fuzz/fuzzed_connection.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <utility>

#include "server/transport/connection_count.h"
#include "server/transport/event_loop.h"
#include "server/transport/loop_connections.h"
#include "server/transport/testing/echo.h"
#include "server/transport/testing/run_loop.h"
#include "tests/fuzz/check_tensors.h"

namespace lamina::server {

std::shared_ptr<const Services> EchoServices(std::shared_ptr<TlsSource> tls) {
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
  services.limits.max_message_bytes = Inflation::kSliceBytes / 2;
  services.guards.tls = std::move(tls);
  services.memory = std::make_shared<MemoryBudget>(size_t{64} << 20);
  return std::make_shared<const Services>(std::move(services));
}

void ServeInTurns(FileDescriptor socket, const std::shared_ptr<const Services>& services,
                  const std::function<bool()>& step) {
  constexpr int kMostTurns = 100'000;
  const std::shared_ptr<EventLoop> loop = *EventLoop::Make();
  ConnectionCount count(1);
  LoopConnections connections(*loop, services, count);
  Require(count.TryAdd());
  connections.Add(std::move(socket), services->guards.tls != nullptr);
  int turns = 0;
  std::function<void()> turn = [&] {
    const bool there = step();
    const bool over = count.WaitForNone(std::chrono::steady_clock::time_point());
    Require(++turns < kMostTurns);
    if (!there && over) return loop->Stop();
    loop->timers().At(EventLoop::Clock::now(), turn);
  };
  loop->timers().At(EventLoop::Clock::now(), turn);
  RunLoop(*loop);
}

std::pair<FileDescriptor, FileDescriptor> ConnectedSockets() {
  int sockets[2];
  Require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets) == 0);
  return {FileDescriptor(sockets[0]), FileDescriptor(sockets[1])};
}

}  // namespace lamina::server
