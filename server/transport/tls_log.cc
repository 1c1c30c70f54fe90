#include "server/transport/tls_log.h"

#include "server/transport/client_log.h"

namespace lamina::server {

void LogTlsFailure(int socket, const std::string& error) {
  LogClient(socket, "and TLS did not come together: " + error);
}

void LogPlainText(int socket) {
  LogClient(socket, "speaks without TLS to a port that has it; use https:// or a secure channel there");
}

void LogUnexpectedTls(int socket) {
  LogClient(socket,
            "speaks TLS where there is none; use http:// or an insecure channel there, or give the server "
            "--tls_certificate_file and --tls_key_file");
}

}  // namespace lamina::server
