#ifndef LAMINA_SERVER_TRANSPORT_CONNECTION_H_
#define LAMINA_SERVER_TRANSPORT_CONNECTION_H_

#include <chrono>
#include <exception>
#include <memory>
#include <string>

#include "server/transport/event_loop.h"
#include "server/transport/file_descriptor.h"
#include "server/transport/services.h"
#include "server/transport/session.h"
#include "server/transport/socket_output.h"
#include "server/transport/tls_stream.h"

namespace lamina::server {

class LoopConnections;

/// A client's socket and what is spoken over it, which the first bytes tell. Belongs to its loop's thread, and to the
/// LoopConnections there, which it leaves when it is closed.
class Connection final : public EventLoop::Watcher {
 public:
  /// `tls`: nullptr where bytes go as they are.
  Connection(FileDescriptor socket, std::unique_ptr<TlsStream> tls, EventLoop& loop,
             const std::shared_ptr<const Services>& services, LoopConnections& owner);
  ~Connection() override;

  /// Begins to wait for the client. An error: it is to be dropped.
  absl::Status Start();

  void BeginDrain();
  void CancelAll();
  void Close();

  /// Says that the session has taken in requests: it is told to serve them when this turn's sockets are read.
  void WantsToServe();

  /// Says that the session has something to send, from wherever that came up.
  void WantsToSend();

  /// Logs what was thrown and closes: nobody knows what was done and what was not.
  void GiveUp(const std::exception& error);

  /// See client_log.h.
  void LogClient(const std::string& sentence) const;

  EventLoop& loop() const { return loop_; }

  /// Whether there is more for the client than the system takes before it reads on.
  bool socket_full() const { return socket_full_; }

  void OnReady(uint32_t events) override;
  void OnEventsDone() override;
  void OnTurnEnd() override;

 private:
  enum class Phase {
    kOpen,
    kReadingIsOver,  // what is to be sent is sent
    kLingering,      // it is, and the client is given the time to see it
    kClosed,
  };

  template <typename Call>
  void CloseIfItThrows(Call call);
  void Read();
  /// False: nothing more is to be read.
  bool Receive(std::span<const std::byte> bytes);
  bool ReceiveEncrypted(std::span<const std::byte> bytes);
  bool RefusePlainText(std::span<const std::byte> bytes);
  void EndAfterTlsFailure();
  bool OnClientEnd();
  /// Makes the session when enough has come to know which; false as Session::Receive.
  bool Recognise(std::span<const std::byte> bytes);
  void Send();
  void SendAll();
  void CountUnsent();
  /// Has the session's output encrypted; false as Session::Send.
  bool SendEncrypted();
  void Linger();
  void Discard();
  void Abort();
  void WaitForEvents();
  bool MayRead() const;
  void CheckTime();
  void CheckSoon();
  void StopTimers();
  bool TimedOut(TimerQueue::Clock::time_point now);

  EventLoop& loop_;
  LoopConnections& owner_;
  const std::shared_ptr<const Services> services_;
  FileDescriptor socket_;
  std::unique_ptr<TlsStream> tls_;
  std::unique_ptr<Session> session_;  // nullptr until the first bytes are there
  std::string first_bytes_;           // while they could be either's
  SocketOutput output_;
  MemoryLease unsent_;  // what of the answers waits for the client
  Phase phase_ = Phase::kOpen;
  bool draining_ = false;
  bool socket_full_ = false;
  bool client_ended_ = false;
  bool serve_soon_ = false;   // when this turn's events are read
  bool send_at_end_ = false;  // of the turn
  uint32_t waits_for_ = 0;    // epoll's events
  TimerQueue::Ticket timer_, retry_;
  TimerQueue::Clock::time_point opened_;
  TimerQueue::Clock::time_point write_progress_;  // the last time that the socket took something, or was not full
  size_t written_ = 0;                            // then
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_CONNECTION_H_
