#ifndef LAMINA_SERVER_TRANSPORT_SESSION_H_
#define LAMINA_SERVER_TRANSPORT_SESSION_H_

#include <chrono>
#include <cstddef>
#include <span>

#include "server/transport/socket_output.h"

namespace lamina::server {

/// One connection's protocol: HTTP/2 or HTTP/1.1. Used by its loop's thread alone.
class Session {
 public:
  virtual ~Session() = default;

  /// Takes what was read. False: nothing more is to be read, and the connection ends when what Send() gives is written.
  virtual bool Receive(std::span<const std::byte> bytes) = 0;

  /// Has the requests served that Receive() has taken in whole; see Connection::WantsToServe().
  virtual void ServeReceived() = 0;

  /// The client sends no more. False as for Receive().
  virtual bool ReceiveEnd() = 0;

  /// Whether to read on now, or to let the client wait. Asked again whenever the connection is looked at.
  virtual bool WantsToReceive() const = 0;

  /// Moves to `output` what is to be sent, until that holds more than enough. False: there will never be more.
  virtual bool Send(SocketOutput& output) = 0;

  /// Bytes of answers that Send() has not moved yet.
  virtual size_t unsent() const = 0;

  /// Takes no new requests from now on; the session ends with those that run.
  virtual void BeginDrain() = 0;

  /// Stops all requests that run, and answers them so.
  virtual void CancelAll() = 0;

  /// Whether the client has kept the session waiting for too long, and the connection is to be closed. Asked every
  /// second or so.
  virtual bool TimedOut(std::chrono::steady_clock::time_point now) = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_SESSION_H_
