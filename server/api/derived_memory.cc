#include "server/api/derived_memory.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

constexpr int64_t kMostOfAll = int64_t{2} << 30;
// Less than this is not worth counting: the number of requests bounds it.
constexpr size_t kCounted = size_t{16} << 10;

std::atomic<size_t> of_all = 0;

}  // namespace

size_t DerivedMemory::MostOfAll() {
  static const int64_t machine = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  return static_cast<size_t>(std::min(machine / 4, kMostOfAll));
}

DerivedMemory::~DerivedMemory() {
  if (counted_ > 0) of_all.fetch_sub(counted_, std::memory_order_relaxed);
}

absl::Status DerivedMemory::Take(size_t bytes) {
  const size_t most = MostOfAll();
  if (bytes > most - std::min(size_, most)) {
    return absl::ResourceExhaustedError(absl::StrCat("what is read out of this request takes ", bytes,
                                                     " bytes of memory at once, of ", most,
                                                     " that all requests together may take; send less at a time"));
  }
  const size_t wanted = size_ + bytes;
  if (wanted >= kCounted) {
    const size_t more = wanted - counted_;
    if (of_all.fetch_add(more, std::memory_order_relaxed) + more > most) {
      of_all.fetch_sub(more, std::memory_order_relaxed);
      return absl::ResourceExhaustedError(
          absl::StrCat("what is read out of this request takes ", wanted, " bytes of memory, and other requests have ",
                       "taken too much of the ", most, " that all may take together; ask again later"));
    }
    counted_ = wanted;
  }
  size_ = wanted;
  return absl::OkStatus();
}

}  // namespace lamina::server
