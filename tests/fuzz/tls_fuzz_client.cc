#include "tests/fuzz/tls_fuzz_client.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>

namespace lamina::server {
namespace {

SSL* NewConnection(bool tls12) {
  static SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL* connection = SSL_new(context);
  SSL_set_max_proto_version(connection, tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
  SSL_set_bio(connection, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(connection);
  return connection;
}

constexpr int kPatience = 20;

/// What the client's TLS has made to be sent.
std::string Made(SSL* connection) {
  std::string bytes(BIO_ctrl_pending(SSL_get_wbio(connection)), '\0');
  if (!bytes.empty()) BIO_read(SSL_get_wbio(connection), bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

}  // namespace

TlsFuzzClient::TlsFuzzClient(FileDescriptor socket, std::span<const uint8_t> input) : socket_(std::move(socket)) {
  if (input.size() < 2) return;
  mode_ = static_cast<Mode>(input[0] % 4);
  piece_ = size_t{1} << (input[1] % 16);
  input_ = input.subspan(2);
  if (mode_ != Mode::kRaw) connection_ = NewConnection(input[1] >= 128);
}

TlsFuzzClient::~TlsFuzzClient() { SSL_free(connection_); }

bool TlsFuzzClient::Step() {
  if (socket_.get() < 0) return false;
  Receive();
  Speak();
  Send();
  return socket_.get() >= 0;
}

void TlsFuzzClient::Receive() {
  char bytes[16384];
  ssize_t count = 0;
  while ((count = recv(socket_.get(), bytes, sizeof bytes, 0)) > 0) {
    turns_ = 0;
    if (connection_ != nullptr) BIO_write(SSL_get_rbio(connection_), bytes, static_cast<int>(count));
  }
  if (count == 0) socket_.Close();
}

void TlsFuzzClient::Speak() {
  const std::string_view input(reinterpret_cast<const char*>(input_.data()), input_.size());
  const std::string_view request = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  if (connection_ == nullptr) {
    if (!said_) unsent_ += input;
    said_ = true;
    return;
  }
  ERR_clear_error();
  const bool open = SSL_do_handshake(connection_) == 1;
  char bytes[16384];
  while (open && SSL_read(connection_, bytes, sizeof bytes) > 0) {
  }
  if (open && !said_ && mode_ != Mode::kRawRecords) {
    const std::string_view plain = mode_ == Mode::kPlain ? input : request;
    for (size_t at = 0; at < plain.size(); at += piece_) {
      const std::string_view part = plain.substr(at, piece_);
      SSL_write(connection_, part.data(), static_cast<int>(part.size()));
    }
  }
  std::string made = Made(connection_);
  if (mode_ == Mode::kChanged) Change(made);
  unsent_ += made;
  if (open && !said_ && mode_ == Mode::kRawRecords) unsent_ += input;
  said_ |= open;
}

void TlsFuzzClient::Change(std::string& bytes) {
  for (size_t i = 0; i + 2 < input_.size(); i += 3) {
    const size_t place = size_t{input_[i]} << 8 | input_[i + 1];
    if (place >= made_ && place - made_ < bytes.size()) bytes[place - made_] ^= static_cast<char>(input_[i + 2]);
  }
  made_ += bytes.size();
}

void TlsFuzzClient::Send() {
  if (socket_.get() < 0) return;
  const size_t count = std::min(unsent_.size(), mode_ == Mode::kPlain ? unsent_.size() : piece_);
  const ssize_t sent = send(socket_.get(), unsent_.data(), count, MSG_NOSIGNAL);
  if (sent > 0) {
    unsent_.erase(0, static_cast<size_t>(sent));
    turns_ = 0;
  }
  const bool stuck = ++turns_ > kPatience;  // as when the server waits for more of a record
  if (((said_ && unsent_.empty()) || stuck) && !ended_) {
    ended_ = true;
    shutdown(socket_.get(), SHUT_WR);
  }
}

}  // namespace lamina::server
