#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REQUEST_MESSAGE_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REQUEST_MESSAGE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "server/protocols/wire/wire_reader.h"

namespace lamina::server {

/// The value of a parameter: of whichever kind it was sent, or none at all.
using KserveParameter = std::variant<std::monostate, bool, int64_t, std::string_view, double, uint64_t>;

/// The parameters of a message, read anew each time one is asked for: nearly every message has none.
class KserveParameters {
 public:
  KserveParameters() = default;
  /// Those in the field `number` of `message`, which has no fault; `any`: there are some.
  KserveParameters(WireBytes message, uint32_t number, bool any) : message_(message), number_(number), any_(any) {}

  bool empty() const { return !any_; }
  bool Has(std::string_view name) const { return Find(name).has_value(); }
  /// The last one of this name, as in every map of protobuf.
  std::optional<KserveParameter> Find(std::string_view name) const;
  std::map<std::string_view, KserveParameter> All() const;

 private:
  WireBytes message_;
  uint32_t number_ = 0;
  bool any_ = false;
};

/// InferInputTensor, in views.
struct KserveInputMessage {
  /// Reads a message that has no fault, and appends its shape to `shape`, which gets kMostParts + 1 at most.
  KserveInputMessage(WireBytes message, absl::InlinedVector<int64_t, 16>& shape);

  std::string_view name;
  std::string_view datatype;
  KserveParameters parameters;
  /// The InferTensorContents; no piece when there is none.
  WirePieces contents;
};

/// InferRequestedOutputTensor, in views.
struct KserveOutputMessage {
  explicit KserveOutputMessage(WireBytes message);

  std::string_view name;
  KserveParameters parameters;
};

/// inference.ModelInferRequest, in views of the message, which must stay.
struct KserveRequestMessage {
  /// Takes what protobuf takes; INVALID_ARGUMENT says what is wrong with anything else. To be called once.
  absl::Status Read(WireBytes message);

  std::string_view model_name;
  std::string_view model_version;
  std::string_view id;
  KserveParameters parameters;
  absl::InlinedVector<WireBytes, 4> inputs;   // each a KserveInputMessage
  absl::InlinedVector<WireBytes, 4> outputs;  // each a KserveOutputMessage
  absl::InlinedVector<WireBytes, 4> raw_input_contents;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REQUEST_MESSAGE_H_
