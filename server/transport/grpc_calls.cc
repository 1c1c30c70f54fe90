#include "server/transport/grpc_calls.h"

#include <utility>

#include "server/api/no_memory.h"
#include "server/transport/grpc_response.h"
#include "server/transport/in_destructor.h"
#include "server/transport/outgoing_body.h"

namespace lamina::server {
namespace {

absl::Status Dropped() {
  if (IsThrownAway()) return NoMemory("the call");
  return absl::InternalError("the server dropped the call without an answer; this is a bug, please report it");
}

}  // namespace

Http2GrpcCall::~Http2GrpcCall() {
  if (!answered_ && !InDestructor([this] { Respond(Dropped()); })) head_.stream->LeaveUnanswered();
}

void Http2GrpcCall::Respond(absl::StatusOr<std::vector<Bytes>> message) {
  message_ = ReceivedBytes();
  std::vector<Bytes> framed;
  if (message.ok()) framed = FrameGrpcMessage(head_.response_coding, *std::move(message));
  Http2Stream& stream = *head_.stream;
  stream.RunInLoop([stream = head_.stream, coding = head_.response_coding, status = message.status(),
                    framed = std::move(framed)]() mutable {
    if (status.ok() && stream->CanRespond()) status = stream->RoomForAnswer(TotalSize(framed));
    if (status.ok()) WriteGrpcMessage(*stream, coding, std::move(framed));
    FinishGrpc(*stream, status);
  });
  answered_ = true;  // not before: whoever has no memory for the message may still have some for an error
}

Http2GrpcStream::~Http2GrpcStream() {
  if (!finished_) InDestructor([this] { Finish(Dropped()); });
}

/// Where there is no memory for it, the client would wait.
template <typename Call>
void Http2GrpcStream::OrLeaveUnanswered(Call call) {
  try {
    call();
  } catch (...) {
    head_.stream->LeaveUnanswered();
    throw;
  }
}

void Http2GrpcStream::Write(std::vector<Bytes> message) {
  OrLeaveUnanswered([&] {
    auto framed = FrameGrpcMessage(head_.response_coding, std::move(message));
    head_.stream->RunInLoop(
        [stream = head_.stream, coding = head_.response_coding, framed = std::move(framed)]() mutable {
          if (!stream->CanRespond() && !stream->CanWrite()) return;
          const absl::Status room = stream->RoomForAnswer(TotalSize(framed));
          if (room.ok()) return WriteGrpcMessage(*stream, coding, std::move(framed));
          FinishGrpc(*stream, room);
          stream->RequestStop();
        });
  });
}

void Http2GrpcStream::Finish(const absl::Status& status) {
  OrLeaveUnanswered([&] { head_.stream->RunInLoop([stream = head_.stream, status] { FinishGrpc(*stream, status); }); });
  finished_ = true;
}

}  // namespace lamina::server
