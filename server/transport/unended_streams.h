#ifndef LAMINA_SERVER_TRANSPORT_UNENDED_STREAMS_H_
#define LAMINA_SERVER_TRANSPORT_UNENDED_STREAMS_H_

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lamina::server {

/// The streams of one HTTP/2 connection on which its client may still send, by what the client itself has said: it
/// began them, and has neither ended nor reset them. What the server closed early is among them, as frames of it may be
/// on their way. Used by one thread.
class UnendedStreams {
 public:
  /// It remembers `most` streams; frames of older ones are taken as being on their way.
  explicit UnendedStreams(size_t most) : most_(most) {}

  /// Takes note of a frame that has begun to come; false: the client has no business sending it on that stream.
  bool Note(const nghttp2_frame_hd& frame);

 private:
  bool NoteSent(const nghttp2_frame_hd& frame);
  void Begin(int32_t id);

  const size_t most_;
  std::vector<int32_t> ids_;  // in order
  int32_t last_ = 0;          // the newest stream that was begun
  int32_t forgotten_ = 0;     // streams up to this one may be missing in ids_
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_UNENDED_STREAMS_H_
