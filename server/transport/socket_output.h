#ifndef LAMINA_SERVER_TRANSPORT_SOCKET_OUTPUT_H_
#define LAMINA_SERVER_TRANSPORT_SOCKET_OUTPUT_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace lamina::server {

/// What is still to be written to a socket: pieces that were copied in here, and pieces that lie elsewhere and are only
/// referred to. Used by one thread.
class SocketOutput {
 public:
  enum class Result {
    kAllWritten,
    kSocketFull,
    kSocketBroken,
  };

  /// Copies.
  void Append(std::string_view bytes);

  /// Refers to `bytes`, which lie in what `owner` keeps.
  void AppendReference(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

  /// Moves the first bytes into `to`, as many as there are and fit; returns how many.
  size_t Take(std::span<std::byte> to);

  /// Writes as much as the socket takes.
  Result WriteTo(int socket);

  size_t pending() const { return pending_; }

  /// Bytes of memory that copies take, sent ones included.
  size_t copied() const { return copied_.capacity(); }

  /// All that has been written since this was made: tells whether there is progress.
  size_t written() const { return written_; }

 private:
  struct Piece {
    size_t size = 0;
    size_t offset = 0;                  // in copied_, when `data` is nullptr
    const std::byte* data = nullptr;    // elsewhere
    std::shared_ptr<const void> owner;  // of `data`
  };

  void Drop(size_t written);
  void ForgetCopies();

  std::deque<Piece> pieces_;
  std::vector<char> copied_;
  size_t copied_sent_ = 0;  // of copied_, from its beginning
  size_t pending_ = 0;
  size_t written_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_SOCKET_OUTPUT_H_
