#include "server/transport/loop_connections.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace lamina::server {
namespace {

/// As a copy: what is done to one may remove it.
template <typename Map>
std::vector<Connection*> All(const Map& connections) {
  std::vector<Connection*> all;
  all.reserve(connections.size());
  for (const auto& [connection, owned] : connections) all.push_back(connection);
  return all;
}

}  // namespace

LoopConnections::LoopConnections(EventLoop& loop, std::shared_ptr<const Services> services, ConnectionCount& count)
    : loop_(loop), services_(std::move(services)), count_(count) {}

LoopConnections::~LoopConnections() { CloseAll(); }

void LoopConnections::Add(FileDescriptor socket, bool tls) {
  Connection* added = nullptr;
  try {
    added = Start(std::move(socket), tls);
  } catch (const std::exception& error) {
    spdlog::error("a connection is dropped: {}", error.what());
  }
  if (added == nullptr) return count_.Remove();
  if (draining_) added->BeginDrain();
}

Connection* LoopConnections::Start(FileDescriptor socket, bool tls) {
  std::unique_ptr<TlsStream> stream;
  if (tls && services_->guards.tls) stream = std::make_unique<TlsStream>(*services_->guards.tls->Current());
  auto connection = std::make_unique<Connection>(std::move(socket), std::move(stream), loop_, services_, *this);
  Connection& added = *connection;
  if (const absl::Status status = added.Start(); !status.ok()) {
    spdlog::warn("a connection is dropped: {}", std::string(status.message()));
    return nullptr;
  }
  connections_.emplace(&added, std::move(connection));
  return &added;
}

void LoopConnections::BeginDrain() {
  draining_ = true;
  for (Connection* connection : All(connections_)) connection->BeginDrain();
}

void LoopConnections::CancelAll() {
  for (Connection* connection : All(connections_)) connection->CancelAll();
}

void LoopConnections::CloseAll() {
  for (Connection* connection : All(connections_)) connection->Close();
}

void LoopConnections::Leave(Connection& connection) {
  auto left = connections_.extract(&connection);
  if (left.empty()) return;
  loop_.DestroyLater(std::move(left.mapped()));
  count_.Remove();
}

}  // namespace lamina::server
