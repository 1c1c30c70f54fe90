#ifndef LAMINA_SERVER_TRANSPORT_UNIX_SOCKET_H_
#define LAMINA_SERVER_TRANSPORT_UNIX_SOCKET_H_

#include <sys/types.h>

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "server/transport/file_descriptor.h"

namespace lamina::server {

/// The file of a unix socket that this process listens on; removed when this ends, unless another server has put its
/// own there. Used by one thread at a time.
class SocketFile {
 public:
  SocketFile() = default;
  ~SocketFile() { Remove(); }
  SocketFile(SocketFile&& other) noexcept { *this = std::move(other); }
  SocketFile& operator=(SocketFile&& other) noexcept;

  void Remove();

 private:
  friend struct UnixSocket;
  std::string path_;  // empty: none
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// A unix socket that listens, and its file, which owner and group may connect to (mode 0660).
struct UnixSocket {
  FileDescriptor socket;
  SocketFile file;

  /// A file that a server left behind is replaced. An error names the path and says what to do: there is a server that
  /// answers at it, or something that is no socket, or the folder does not take it.
  static absl::StatusOr<UnixSocket> Bind(const std::string& path, int backlog);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_UNIX_SOCKET_H_
