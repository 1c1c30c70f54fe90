#ifndef LAMINA_SERVER_SHARED_MEMORY_SHARED_MAPPING_H_
#define LAMINA_SERVER_SHARED_MEMORY_SHARED_MAPPING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lamina::server {

/// A part of a POSIX shared memory object, mapped. Thread-safe.
///
/// The object is another process's, which may change its contents at any time, and its size. Where the object ends
/// before the mapping does, reading would end this process with SIGBUS: a handler of ours then puts zeros in the whole
/// mapping's place, so that whoever uses it goes on, and Check tells.
class SharedMapping {
 public:
  /// Maps [offset, offset + byte_size) of the object that shm_open knows as `key`. An error says what is wrong with it.
  static absl::StatusOr<std::shared_ptr<const SharedMapping>> Open(const std::string& key, uint64_t offset,
                                                                   uint64_t byte_size);
  ~SharedMapping();
  SharedMapping(const SharedMapping&) = delete;
  SharedMapping& operator=(const SharedMapping&) = delete;

  std::span<std::byte> bytes() const { return bytes_; }

  /// An error when the object has become too short for this, now or while it was used. To be called before use, as far
  /// as that can tell, and after it.
  absl::Status Check() const;

 private:
  SharedMapping(std::string key, int file) : key_(std::move(key)), file_(file) {}

  absl::Status Map(uint64_t offset, uint64_t byte_size);

  const std::string key_;
  const int file_;
  uint64_t end_ = 0;  // in the object
  std::span<std::byte> pages_, bytes_;
  size_t guard_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_SHARED_MEMORY_SHARED_MAPPING_H_
