#include "server/transport/inflation.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

constexpr size_t kLeastRoom = size_t{64} << 10;
// What zlib takes for itself: its window and its tables.
constexpr size_t kZlibBytes = size_t{48} << 10;

}  // namespace

Inflation::Inflation(Coding coding, ReceivedBytes from, size_t limit, std::shared_ptr<MemoryBudget> budget)
    : coding_(coding),
      from_(std::move(from)),
      limit_(limit),
      overdraft_(budget, 2 * limit),
      lease_(std::move(budget)),
      left_(from_.bytes.data(), from_.bytes.size()) {
  if (inflateInit2(&stream_, ZlibWindow(coding)) != Z_OK) throw std::bad_alloc();
}

Inflation::~Inflation() { inflateEnd(&stream_); }

absl::StatusOr<std::optional<ReceivedBytes>> Inflation::Continue() {
  try {
    return Slice();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError(absl::StrCat("there is no memory to decompress it (", to_.size(),
                                                     " bytes so far were not enough); send less at a time, or later"));
  }
}

absl::StatusOr<std::optional<ReceivedBytes>> Inflation::Slice() {
  waits_ = false;
  if (written_ == to_.size()) {
    if (written_ == limit_) return SliceAtLimit();
    // The first room is little, and lets little messages pass when large ones wait.
    waits_ = written_ > 0 && !overdraft_.MayGoOn();
    if (waits_) return std::nullopt;
    Grow();
  }
  written_ += Step({to_.data() + written_, std::min(kSliceBytes, to_.size() - written_)});
  return Outcome();
}

absl::StatusOr<std::optional<ReceivedBytes>> Inflation::SliceAtLimit() {
  std::byte one;
  if (Step({&one, 1}) == 0) return Outcome();
  return absl::ResourceExhaustedError(absl::StrCat("decompressed, it is larger than the ", limit_,
                                                   " bytes that a message may have; send less at a time"));
}

void Inflation::Grow() {
  const size_t least = std::clamp(2 * from_.bytes.size(), kLeastRoom, kSliceBytes);
  const size_t room = std::min(limit_, std::max(least, 2 * to_.size()));
  lease_.Resize(kZlibBytes + to_.size() + room);  // before it is taken
  Bytes grown(room);
  if (written_ > 0) std::memcpy(grown.data(), to_.data(), written_);
  to_ = std::move(grown);
  lease_.Resize(kZlibBytes + room);
}

/// How many bytes it made. A slice of the input may make none.
size_t Inflation::Step(std::span<std::byte> to) {
  const uInt in = static_cast<uInt>(std::min(left_.size(), kSliceBytes)), out = static_cast<uInt>(to.size());
  stream_.next_in = ZlibBytes(left_.data());
  stream_.avail_in = in;
  stream_.next_out = ZlibBytes(to.data());
  stream_.avail_out = out;
  result_ = inflate(&stream_, Z_NO_FLUSH);
  left_ = left_.subspan(in - stream_.avail_in);
  return out - stream_.avail_out;
}

absl::StatusOr<std::optional<ReceivedBytes>> Inflation::Outcome() {
  if (result_ == Z_OK) return std::nullopt;
  if (result_ == Z_MEM_ERROR) throw std::bad_alloc();
  if (result_ != Z_STREAM_END) {
    return absl::InvalidArgumentError("the compressed bytes are damaged or cut off; send them whole");
  }
  if (!left_.empty()) return BeginNextMember();
  lease_.Resize(to_.size());
  to_.Truncate(written_);
  return ReceivedBytes{std::move(to_), lease_.Split()};
}

/// gzip's messages may be several behind one another (RFC 1952, 2.2), deflate's may not.
absl::StatusOr<std::optional<ReceivedBytes>> Inflation::BeginNextMember() {
  if (coding_ == Coding::kGzip && inflateReset(&stream_) == Z_OK) return std::nullopt;
  return absl::InvalidArgumentError(absl::StrCat("of the ", from_.bytes.size(), " compressed bytes ", left_.size(),
                                                 " lie behind their end; leave these out"));
}

}  // namespace lamina::server
