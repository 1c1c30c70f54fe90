#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_DIFFERENCE_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_DIFFERENCE_H_

#include <optional>
#include <string>

#include "server/protocols/wire/wire_reader.h"

namespace lamina::server {

/// What our reading of a message and protobuf's differ in: whether it is taken, each field, the request it becomes or
/// the error; and whether the answer that we write is the one that protobuf would.
struct Comparison {
  /// Empty: nothing.
  std::string difference;
  /// Protobuf takes the message.
  bool is_message = false;
  /// It became a request.
  bool is_request = false;
};

Comparison CompareModelInfer(WireBytes message);
Comparison ComparePredict(WireBytes message);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_DIFFERENCE_H_
