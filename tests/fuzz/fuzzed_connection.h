#ifndef LAMINA_TESTS_FUZZ_FUZZED_CONNECTION_H_
#define LAMINA_TESTS_FUZZ_FUZZED_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "server/transport/file_descriptor.h"
#include "server/transport/services.h"

namespace lamina::server {

/// Services that answer with what they are sent: the gRPC methods /S/E and /S/C, and everything over HTTP. No other
/// thread serves: what is inflated stays within a slice.
std::shared_ptr<const Services> EchoServices(std::shared_ptr<TlsSource> tls = nullptr);

/// What the loop of one connection does, in turn with its client. `step` reads and sends some; false: the client has
/// left. However it goes, a connection whose client has left ends.
void ServeInTurns(FileDescriptor socket, const std::shared_ptr<const Services>& services,
                  const std::function<bool()>& step);

/// Two ends of a connection, neither of which blocks.
std::pair<FileDescriptor, FileDescriptor> ConnectedSockets();

/// Serves a client that does what the input says: a `Client` is made of a socket and the input, and has bool Step().
template <typename Client>
void ServeClient(const std::shared_ptr<const Services>& services, std::span<const uint8_t> input) {
  auto [mine, its] = ConnectedSockets();
  Client client(std::move(mine), input);
  ServeInTurns(std::move(its), services, [&] { return client.Step(); });
}

}  // namespace lamina::server

#endif  // LAMINA_TESTS_FUZZ_FUZZED_CONNECTION_H_
