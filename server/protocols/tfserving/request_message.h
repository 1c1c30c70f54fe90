#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_REQUEST_MESSAGE_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_REQUEST_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "server/protocols/wire/wire_reader.h"

namespace lamina::server {

/// tensorflow::serving::ModelSpec, in views. Of version and label there is at most one.
struct TfModelSpec {
  std::string_view name;
  std::string_view signature_name;
  std::optional<int64_t> version;
  std::optional<std::string_view> version_label;

  /// Reads a message without faults; what it does not hold stays as it was.
  void Merge(WireBytes message);
};

/// tensorflow::TensorProto, in views: its lists are left in its pieces until one of them is asked for.
struct TfTensorMessage {
  /// Reads a message that has no fault, and appends its shape to `shape`, which gets kMostParts + 1 at most.
  TfTensorMessage(const WirePieces& pieces, absl::InlinedVector<int64_t, 16>& shape);

  int32_t dtype = 0;
  bool unknown_rank = false;
  std::string_view tensor_content;
};

/// An entry of PredictRequest.inputs.
struct TfInputMessage {
  std::string_view name;
  /// The TensorProto; no piece when there is none.
  WirePieces tensor;
};

/// tensorflow::serving::PredictRequest, in views of the message, which must stay.
class TfRequestMessage {
 public:
  /// Takes what protobuf takes; INVALID_ARGUMENT says what is wrong with anything else. To be called once.
  absl::Status Read(WireBytes message);

  const TfModelSpec& model_spec() const { return model_spec_; }
  /// Of inputs of the same name the last one, as in every map of protobuf.
  std::span<const TfInputMessage> inputs() const { return inputs_; }
  std::span<const std::string_view> output_filter() const { return output_filter_; }

 private:
  void AddInput(WireBytes entry);
  TfInputMessage& InputNamed(std::string_view name);

  TfModelSpec model_spec_;
  absl::InlinedVector<TfInputMessage, 4> inputs_;
  /// Where each name is in inputs_, once there are many.
  absl::flat_hash_map<std::string_view, size_t> index_;
  absl::InlinedVector<std::string_view, 4> output_filter_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_REQUEST_MESSAGE_H_
