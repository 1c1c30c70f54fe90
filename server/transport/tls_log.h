#ifndef LAMINA_SERVER_TRANSPORT_TLS_LOG_H_
#define LAMINA_SERVER_TRANSPORT_TLS_LOG_H_

#include <string>

namespace lamina::server {

// What is logged of clients that the server cannot talk to, with the address that `socket` is connected to: at most one
// line a second. Thread-safe.

/// A handshake that failed or took too long, or a record that is none.
void LogTlsFailure(int socket, const std::string& error);

/// A client without TLS where it is needed.
void LogPlainText(int socket);

/// A client with TLS where there is none.
void LogUnexpectedTls(int socket);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TLS_LOG_H_
