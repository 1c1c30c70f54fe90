#include "server/transport/transport_server.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

constexpr int64_t kMostMemoryByDefault = int64_t{4} << 30;
// What cancelled requests have to be answered, and their answers to be sent.
constexpr auto kLastSeconds = std::chrono::seconds(1);

/// Half of what the machine has.
size_t MemoryLimit(const TransportConfig& config) {
  if (config.max_request_memory_bytes > 0) return static_cast<size_t>(config.max_request_memory_bytes);
  const int64_t machine = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  return static_cast<size_t>(std::min(machine / 2, kMostMemoryByDefault));
}

int LoopCount(const TransportConfig& config) {
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return std::max({cores, config.grpc_workers, config.rest_workers});
}

}  // namespace

absl::StatusOr<std::unique_ptr<TransportServer>> TransportServer::Start(const TransportConfig& config,
                                                                        Listeners listeners, GrpcMethods grpc,
                                                                        HttpHandler http, Guards guards) {
  TransportLimits limits;
  limits.max_message_bytes = static_cast<size_t>(config.max_message_bytes);
  limits.max_connections = config.max_connections;
  const size_t memory = MemoryLimit(config);
  limits.max_all_unsent_bytes = memory / 2;
  return Start(config, std::move(listeners),
               std::make_shared<const Services>(Services{
                   .grpc = std::move(grpc),
                   .http = std::move(http),
                   .limits = limits,
                   .guards = std::move(guards),
                   .memory = std::make_shared<MemoryBudget>(memory),
               }));
}

absl::StatusOr<std::unique_ptr<TransportServer>> TransportServer::Start(const TransportConfig& config,
                                                                        Listeners listeners,
                                                                        std::shared_ptr<const Services> services) {
  std::unique_ptr<TransportServer> server(new TransportServer(std::move(listeners), std::move(services)));
  LAMINA_RETURN_IF_ERROR(server->StartLoops(config));
  return server;
}

TransportServer::TransportServer(Listeners listeners, std::shared_ptr<const Services> services)
    : services_(std::move(services)), listeners_(std::move(listeners)), count_(services_->limits.max_connections) {}

absl::Status TransportServer::StartLoops(const TransportConfig& config) {
  for (int i = 0; i < LoopCount(config); ++i) {
    LAMINA_ASSIGN_OR_RETURN(std::shared_ptr<EventLoop> events, EventLoop::Make());
    auto connections = std::make_unique<LoopConnections>(*events, services_, count_);
    loops_.push_back({.events = std::move(events), .connections = std::move(connections)});
  }
  for (const auto& listener : listeners_.all) LAMINA_RETURN_IF_ERROR(StartListener(*listener.socket));
  std::vector<std::shared_ptr<EventLoop>> loops;
  for (const Loop& loop : loops_) loops.push_back(loop.events);
  LAMINA_ASSIGN_OR_RETURN(threads_, LoopThreads::Start(std::move(loops), std::chrono::microseconds(config.busy_poll_us)));
  return absl::OkStatus();
}

absl::Status TransportServer::StartListener(Listener& listener) {
  return listener.Start(*loops_.front().events,
                        [this, tls = listener.port() != 0](FileDescriptor socket) { Accept(std::move(socket), tls); });
}

// In turn: a client's connections get all the cores.
void TransportServer::Accept(FileDescriptor socket, bool tls) {
  if (!count_.TryAdd()) {
    spdlog::debug("a connection is closed at once: {} are open already", services_->limits.max_connections);
    return;
  }
  Loop& loop = loops_[next_loop_++ % loops_.size()];
  try {
    loop.events->Post([connections = loop.connections.get(), socket = std::move(socket), tls]() mutable {
      connections->Add(std::move(socket), tls);
    });
  } catch (...) {
    count_.Remove();
    throw;
  }
}

void TransportServer::OnEveryLoop(void (LoopConnections::*call)()) {
  for (Loop& loop : loops_) {
    loop.events->Post([connections = loop.connections.get(), call] { (connections->*call)(); });
  }
}

void TransportServer::Drain(std::chrono::milliseconds patience) {
  if (!threads_) return;
  const auto now = std::chrono::steady_clock::now();
  loops_.front().events->Post([this] {
    for (const auto& listener : listeners_.all) listener.socket->Stop();
  });
  OnEveryLoop(&LoopConnections::BeginDrain);
  if (!count_.WaitForNone(now + patience)) {
    OnEveryLoop(&LoopConnections::CancelAll);
    count_.WaitForNone(std::max(now + patience, std::chrono::steady_clock::now()) + kLastSeconds);
    OnEveryLoop(&LoopConnections::CloseAll);
  }
  for (Loop& loop : loops_) loop.events->Stop();
  threads_.reset();
  loops_.clear();
}

TransportServer::~TransportServer() { Drain(std::chrono::milliseconds(0)); }

}  // namespace lamina::server
