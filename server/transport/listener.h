#ifndef LAMINA_SERVER_TRANSPORT_LISTENER_H_
#define LAMINA_SERVER_TRANSPORT_LISTENER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/config/listen_address.h"
#include "server/transport/event_loop.h"
#include "server/transport/file_descriptor.h"
#include "server/transport/unix_socket.h"

namespace lamina::server {

/// A socket that clients connect to. Belongs to its loop's thread once it has been started.
class Listener final : public EventLoop::Watcher {
 public:
  /// Binds: `address` is a numeric one of this machine or its name, "::" all of both kinds, or a unix socket's path;
  /// port 0 is any free one, and a unix socket has none. An error names address and port and says what to do.
  static absl::StatusOr<std::unique_ptr<Listener>> Bind(const ListenAddress& address, int port);

  /// 0: it has none, as a unix socket's.
  int port() const { return port_; }
  /// As a client writes it: "127.0.0.1:9000", "[::1]:9000", "unix:/run/lamina.sock".
  std::string text() const;
  /// Whether only this machine can reach it.
  bool is_local() const;

  /// Hands every accepted socket, set up and counted by nobody, to `accept`. `loop` outlives this.
  absl::Status Start(EventLoop& loop, absl::AnyInvocable<void(FileDescriptor)> accept);

  /// Takes no more connections.
  void Stop();

  void OnReady(uint32_t events) override;

 private:
  Listener(ListenAddress address, int port, FileDescriptor socket, SocketFile file)
      : address_(std::move(address)), port_(port), socket_(std::move(socket)), file_(std::move(file)) {}
  void PauseAccepting();

  const ListenAddress address_;
  const int port_;
  FileDescriptor socket_;
  SocketFile file_;
  EventLoop* loop_ = nullptr;
  TimerQueue::Ticket pause_;
  absl::AnyInvocable<void(FileDescriptor)> accept_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_LISTENER_H_
