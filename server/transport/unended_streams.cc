#include "server/transport/unended_streams.h"

#include <algorithm>

namespace lamina::server {

bool UnendedStreams::Note(const nghttp2_frame_hd& frame) {
  switch (frame.type) {
    case NGHTTP2_HEADERS:
      if (frame.stream_id > last_) Begin(frame.stream_id);
      return NoteSent(frame);
    case NGHTTP2_DATA:
      // nghttp2 knows what to do about a stream that has not begun.
      return frame.stream_id > last_ || NoteSent(frame);
    case NGHTTP2_RST_STREAM:
      NoteSent(frame);
      return true;
    default:
      return true;
  }
}

bool UnendedStreams::NoteSent(const nghttp2_frame_hd& frame) {
  const auto found = std::lower_bound(ids_.begin(), ids_.end(), frame.stream_id);
  if (found == ids_.end() || *found != frame.stream_id) return frame.stream_id <= forgotten_;
  if (frame.type == NGHTTP2_RST_STREAM || (frame.flags & NGHTTP2_FLAG_END_STREAM) != 0) ids_.erase(found);
  return true;
}

void UnendedStreams::Begin(int32_t id) {
  last_ = id;
  ids_.push_back(id);
  if (ids_.size() <= most_) return;
  forgotten_ = ids_.front();
  ids_.erase(ids_.begin());
}

}  // namespace lamina::server
