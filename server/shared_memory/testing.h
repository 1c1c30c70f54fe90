#ifndef LAMINA_SERVER_SHARED_MEMORY_TESTING_H_
#define LAMINA_SERVER_SHARED_MEMORY_TESTING_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

namespace lamina::server::testing {

/// A shared memory object as a client makes one; it goes with this.
class SharedObject {
 public:
  explicit SharedObject(std::string_view bytes) {
    static std::atomic<int> number = 0;
    key_ = "/lamina_test_" + std::to_string(getpid()) + "_" + std::to_string(number++);
    file_ = shm_open(key_.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600);
    Write(0, bytes);
  }
  ~SharedObject() {
    close(file_);
    shm_unlink(key_.c_str());
  }
  SharedObject(const SharedObject&) = delete;
  SharedObject& operator=(const SharedObject&) = delete;

  const std::string& key() const { return key_; }

  void Resize(size_t size) const { EXPECT_EQ(ftruncate(file_, static_cast<off_t>(size)), 0); }

  void Write(off_t position, std::string_view bytes) const {
    EXPECT_EQ(pwrite(file_, bytes.data(), bytes.size(), position), static_cast<ssize_t>(bytes.size()));
  }

  std::string Read(off_t position, size_t size) const {
    std::string bytes(size, 0);
    EXPECT_EQ(pread(file_, bytes.data(), size, position), static_cast<ssize_t>(size));
    return bytes;
  }

 private:
  std::string key_;
  int file_;
};

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_SHARED_MEMORY_TESTING_H_
