#include "server/transport/unix_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

constexpr mode_t kMode = 0660;

absl::Status CannotListen(const std::string& path, const std::string& reason) {
  return absl::UnavailableError(absl::StrCat("cannot listen on unix:", path, ": ", reason));
}

/// REQUIRES: the path fits, as ParseListenAddresses sees to.
sockaddr_un Address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  return address;
}

FileDescriptor MakeSocket() { return FileDescriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }

/// Whether somebody listens there: one whose backlog is full does, too.
bool IsAlive(const std::string& path) {
  const FileDescriptor client = MakeSocket();
  const sockaddr_un address = Address(path);
  return connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN;
}

/// Removes what a server that was killed has left.
absl::Status RemoveStale(const std::string& path) {
  struct stat found{};
  if (lstat(path.c_str(), &found) != 0) return absl::OkStatus();
  if (!S_ISSOCK(found.st_mode)) {
    return CannotListen(path, "there is a file that is no socket; remove it or give another path");
  }
  if (IsAlive(path)) return CannotListen(path, "another server listens there; stop it or give another path");
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return CannotListen(path, absl::StrCat("the socket that a server left there cannot be removed (", strerror(errno),
                                         "); remove it or give another path"));
}

}  // namespace

SocketFile& SocketFile::operator=(SocketFile&& other) noexcept {
  if (this == &other) return *this;
  Remove();
  path_ = std::exchange(other.path_, {});
  device_ = other.device_;
  inode_ = other.inode_;
  return *this;
}

void SocketFile::Remove() {
  struct stat found{};
  if (!path_.empty() && lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_) {
    unlink(path_.c_str());
  }
  path_.clear();
}

absl::StatusOr<UnixSocket> UnixSocket::Bind(const std::string& path, int backlog) {
  LAMINA_RETURN_IF_ERROR(RemoveStale(path));
  UnixSocket made{.socket = MakeSocket()};
  const sockaddr_un address = Address(path);
  // On Linux a socket's mode, less the umask, becomes its file's: nobody else can connect before chmod().
  const int socket = made.socket.get();
  struct stat found{};
  if (fchmod(socket, kMode) != 0 || bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      chmod(path.c_str(), kMode) != 0 || lstat(path.c_str(), &found) != 0 || listen(socket, backlog) != 0) {
    return CannotListen(path,
                        absl::StrCat(strerror(errno), "; give a path in a folder that is there and may be written to"));
  }
  made.file.path_ = path;
  made.file.device_ = found.st_dev;
  made.file.inode_ = found.st_ino;
  return made;
}

}  // namespace lamina::server
