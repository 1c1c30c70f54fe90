#ifndef LAMINA_TESTS_FUZZ_TLS_FUZZ_CLIENT_H_
#define LAMINA_TESTS_FUZZ_TLS_FUZZ_CLIENT_H_

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "server/transport/file_descriptor.h"

namespace lamina::server {

/// A client of a TLS port that does what a fuzzer's input says. Its first byte says what the others are:
///   0   bytes as they are sent, from the first on
///   1   the same after a whole handshake: records that are none
///   2   what a session reads, in proper records after a whole handshake
///   3   what a handshake and a request are changed by: two bytes for a place in them, one for what is changed there
/// The second: how many bytes are sent at a time, and the version.
class TlsFuzzClient {
 public:
  /// `socket` does not block.
  TlsFuzzClient(FileDescriptor socket, std::span<const uint8_t> input);
  ~TlsFuzzClient();
  TlsFuzzClient(const TlsFuzzClient&) = delete;
  TlsFuzzClient& operator=(const TlsFuzzClient&) = delete;

  /// Reads what there is and sends some more; false: it has left.
  bool Step();

 private:
  enum class Mode { kRaw, kRawRecords, kPlain, kChanged };

  void Receive();
  void Speak();
  void Send();
  void Change(std::string& bytes);

  FileDescriptor socket_;
  Mode mode_ = Mode::kRaw;
  size_t piece_ = 1;
  std::span<const uint8_t> input_;  // behind the first two bytes
  SSL* connection_ = nullptr;       // nullptr: of kRaw
  std::string unsent_;
  size_t made_ = 0;    // of the bytes that are sent, for Change()
  bool said_ = false;  // all of the input
  int turns_ = 0;      // since bytes came or went
  bool ended_ = false;
};

}  // namespace lamina::server

#endif  // LAMINA_TESTS_FUZZ_TLS_FUZZ_CLIENT_H_
