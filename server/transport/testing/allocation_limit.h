#ifndef LAMINA_SERVER_TRANSPORT_TESTING_ALLOCATION_LIMIT_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_ALLOCATION_LIMIT_H_

#include <cstddef>

namespace lamina::server {

/// While it lives, `new` throws std::bad_alloc for this many bytes and more, on every thread. One at a time.
class AllocationLimit {
 public:
  explicit AllocationLimit(size_t bytes);
  ~AllocationLimit();
  AllocationLimit(const AllocationLimit&) = delete;
  AllocationLimit& operator=(const AllocationLimit&) = delete;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_ALLOCATION_LIMIT_H_
