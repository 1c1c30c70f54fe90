#ifndef LAMINA_SERVER_TRANSPORT_FILE_DESCRIPTOR_H_
#define LAMINA_SERVER_TRANSPORT_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace lamina::server {

/// Owns a file descriptor and closes it. Used by one thread at a time.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() { Close(); }
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      Close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  /// -1: none.
  int get() const { return fd_; }

  void Close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_FILE_DESCRIPTOR_H_
