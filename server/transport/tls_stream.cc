#include "server/transport/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <string.h>

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lamina::server {

/// What OpenSSL reads from and writes to, instead of a socket: whole buffers of them are one system call each.
struct TlsBytes {
  static TlsStream& Stream(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

  static int Read(BIO* bio, char* to, int size) {
    std::span<const std::byte>& incoming = Stream(bio).incoming_;
    BIO_clear_retry_flags(bio);
    if (incoming.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const size_t count = std::min(incoming.size(), static_cast<size_t>(size));
    memcpy(to, incoming.data(), count);
    incoming = incoming.subspan(count);
    return static_cast<int>(count);
  }

  static int Write(BIO* bio, const char* from, int size) {
    SocketOutput* output = Stream(bio).output_;
    BIO_clear_retry_flags(bio);
    if (output == nullptr) return size;
    try {
      output->Append({from, static_cast<size_t>(size)});
    } catch (const std::bad_alloc&) {
      return -1;  // nothing may be thrown through OpenSSL, which is C
    }
    return size;
  }

  static long Control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static BIO* New(TlsStream& stream) {
    static const BIO_METHOD* const method = MakeMethod();
    BIO* bio = BIO_new(method);
    if (bio == nullptr) throw std::bad_alloc();
    BIO_set_data(bio, &stream);
    BIO_set_init(bio, 1);
    return bio;
  }

 private:
  static const BIO_METHOD* MakeMethod() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lamina bytes");
    if (method == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(method, Read);
    BIO_meth_set_write(method, Write);
    BIO_meth_set_ctrl(method, Control);
    return method;
  }
};

namespace {

constexpr size_t kRecordBytes = SSL3_RT_MAX_PLAIN_LENGTH;
// Encrypted ahead of the socket.
constexpr size_t kAhead = size_t{128} << 10;

}  // namespace

TlsStream::TlsStream(const TlsContext& context) : connection_(context.NewConnection()) {
  BIO* bytes = TlsBytes::New(*this);
  SSL_set_bio(connection_.get(), bytes, bytes);  // takes it
}

TlsStream::~TlsStream() = default;

TlsStream::Result TlsStream::Receive(std::span<const std::byte> encrypted,
                                     absl::FunctionRef<bool(std::span<const std::byte>)> plain, SocketOutput& output) {
  has_begun_ = true;
  incoming_ = encrypted;
  output_ = &output;
  Result result = Result::kMore;
  std::byte record[kRecordBytes];
  for (bool more = true; more;) {
    ERR_clear_error();
    const int count = SSL_read(connection_.get(), record, sizeof record);
    if (count > 0) {
      more = plain({record, static_cast<size_t>(count)});
      if (!more) result = Result::kRefused;
      continue;
    }
    more = false;
    const int error = SSL_get_error(connection_.get(), count);
    if (error == SSL_ERROR_ZERO_RETURN) {
      result = Result::kEnded;
    } else if (error != SSL_ERROR_WANT_READ) {
      Fail();
      result = Result::kFailed;
    }
  }
  output_ = nullptr;
  incoming_ = {};
  return result;
}

void TlsStream::Fail() {
  end_said_ = true;  // OpenSSL has told the client
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  error_ = reason != nullptr ? reason : "the connection broke";
  const long verified = SSL_get_verify_result(connection_.get());
  if (verified != X509_V_OK) absl::StrAppend(&error_, " (", X509_verify_cert_error_string(verified), ")");
  ERR_clear_error();
}

bool TlsStream::Encrypt(SocketOutput& output) {
  if (output.pending() > 0) return plain_.pending() > 0;
  output_ = &output;
  std::byte record[kRecordBytes];
  while (plain_.pending() > 0 && output.pending() < kAhead) {
    const size_t count = plain_.Take(record);
    ERR_clear_error();
    if (SSL_write(connection_.get(), record, static_cast<int>(count)) > 0) continue;
    Fail();
    plain_ = SocketOutput();
  }
  output_ = nullptr;
  return plain_.pending() > 0;
}

void TlsStream::SayEnd(SocketOutput& output) {
  if (std::exchange(end_said_, true) || !is_open()) return;
  output_ = &output;
  ERR_clear_error();
  SSL_shutdown(connection_.get());
  output_ = nullptr;
}

}  // namespace lamina::server
