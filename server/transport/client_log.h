#ifndef LAMINA_SERVER_TRANSPORT_CLIENT_LOG_H_
#define LAMINA_SERVER_TRANSPORT_CLIENT_LOG_H_

#include <string>

namespace lamina::server {

/// Logs what a client does that it should not, behind the address that `socket` is connected to: at most one line a
/// second, however many clients there are. Thread-safe.
void LogClient(int socket, const std::string& sentence);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_CLIENT_LOG_H_
