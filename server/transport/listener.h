#ifndef LAMINA_SERVER_TRANSPORT_LISTENER_H_
#define LAMINA_SERVER_TRANSPORT_LISTENER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/transport/event_loop.h"
#include "server/transport/file_descriptor.h"

namespace lamina::server {

/// A socket that clients connect to. Belongs to its loop's thread once it has been started.
class Listener final : public EventLoop::Watcher {
 public:
  /// Binds: `address` is a numeric one of this machine or its name, "::" all of both kinds; port 0 is any free one. An
  /// error names address and port and says what to do.
  static absl::StatusOr<std::unique_ptr<Listener>> Bind(const std::string& address, int port);

  int port() const { return port_; }

  /// Hands every accepted socket, set up and counted by nobody, to `accept`. `loop` outlives this.
  absl::Status Start(EventLoop& loop, absl::AnyInvocable<void(FileDescriptor)> accept);

  /// Takes no more connections.
  void Stop();

  void OnReady(uint32_t events) override;

 private:
  Listener(FileDescriptor socket, int port) : socket_(std::move(socket)), port_(port) {}
  void PauseAccepting();

  FileDescriptor socket_;
  const int port_;
  EventLoop* loop_ = nullptr;
  TimerQueue::Ticket pause_;
  absl::AnyInvocable<void(FileDescriptor)> accept_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_LISTENER_H_
