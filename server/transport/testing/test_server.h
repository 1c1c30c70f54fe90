#ifndef LAMINA_SERVER_TRANSPORT_TESTING_TEST_SERVER_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_TEST_SERVER_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "server/threads/mutex.h"
#include "server/transport/transport_server.h"

namespace lamina::server {

/// A server on a free port of 127.0.0.1 whose services do what tests need:
///   /t.S/Echo       answers with the request's message; in metadata x-answer-later from another thread
///   /t.S/Keep       answers only when it is cancelled, or Release() is called
///   /t.S/Fail       NOT_FOUND "no 100% luck"
///   /t.S/Chat       streams every message back, and ends as the client does
///   /t.S/Much       streams an answer of as many bytes as metadata x-bytes says for every message
///   /t.S/Both       answers every message twice: from another thread with "a", and then from the loop's with "b"
///   /t.S/Throw      throws std::bad_alloc; /t.S/ChatThrow: when a message comes, and keeps the call as /t.S/Keep
///   HTTP            answers with "METHOD path?query " and the body; /throw as /t.S/Throw; /keep as /t.S/Keep,
///                   /keep?N with N headers more
class TestServer {
 public:
  explicit TestServer(TransportLimits limits = {}, size_t memory = size_t{1} << 30, Guards guards = {});
  ~TestServer();

  int port() const { return server_->listeners().port(Listeners::Side::kGrpc); }
  TransportServer& transport() { return *server_; }
  MemoryBudget& memory() { return *memory_; }
  /// What clients have not taken of their answers.
  MemoryBudget& unsent() { return *unsent_; }

  /// How many messages /t.S/Much has answered.
  int answered() const { return *answered_; }
  /// How many calls are kept now.
  size_t kept() const;
  /// Waits until so many are; false: it took too long.
  bool WaitForKept(size_t count) const;
  /// Answers all that are kept.
  void Release();

 private:
  struct KeptCalls;

  const std::shared_ptr<MemoryBudget> memory_;
  const std::shared_ptr<KeptCalls> kept_;
  const std::shared_ptr<std::atomic<int>> answered_ = std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<MemoryBudget> unsent_;
  std::unique_ptr<TransportServer> server_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_TEST_SERVER_H_
