#ifndef LAMINA_SERVER_TRANSPORT_LOOP_CONNECTIONS_H_
#define LAMINA_SERVER_TRANSPORT_LOOP_CONNECTIONS_H_

#include <memory>
#include <unordered_map>

#include "server/transport/connection.h"
#include "server/transport/connection_count.h"
#include "server/transport/event_loop.h"
#include "server/transport/services.h"

namespace lamina::server {

/// The connections of one loop. Used by that loop's thread alone, but for making and destroying it.
class LoopConnections {
 public:
  /// `loop` and `count` outlive this.
  LoopConnections(EventLoop& loop, std::shared_ptr<const Services> services, ConnectionCount& count);
  /// Closes what is open. REQUIRES: the loop has ended.
  ~LoopConnections();

  /// Takes a client's socket, which is counted already; `tls`: it speaks TLS, if the server does.
  void Add(FileDescriptor socket, bool tls);

  void BeginDrain();
  void CancelAll();
  void CloseAll();

  /// Of a connection that has closed.
  void Leave(Connection& connection);

 private:
  /// nullptr: it cannot be waited for.
  Connection* Start(FileDescriptor socket, bool tls);

  EventLoop& loop_;
  const std::shared_ptr<const Services> services_;
  ConnectionCount& count_;
  bool draining_ = false;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_LOOP_CONNECTIONS_H_
