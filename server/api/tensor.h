#ifndef LAMINA_SERVER_API_TENSOR_H_
#define LAMINA_SERVER_API_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/api/element_type.h"
#include "server/api/metadata.h"

namespace lamina::server {

/// An input of a request: a view of memory that the protocol owns and keeps until the request is done.
/// `data` needs no alignment: what is not aligned to its element is copied, all else is used where it lies.
struct InputTensor {
  std::string_view name;
  ElementType type = ElementType::kUndefined;
  std::span<const int64_t> shape;
  /// The elements in row-major order, little-endian; empty for kString.
  std::span<const std::byte> data;
  /// The elements of a kString tensor in row-major order; empty for every other type.
  std::span<const std::string_view> strings;
};

/// Where the outputs of one request go: the protocol gives the memory inside its reply, and the engine writes there.
///
/// `index` counts the outputs of the reply: the position in InferRequest::outputs, or in the model's own outputs when
/// that is empty. Outputs come in ascending order of `index`, each once, through one of the two functions; calls for
/// one request are never concurrent, but come from any thread. After a request has failed what was reserved holds
/// nothing of use.
class OutputSink {
 public:
  virtual ~OutputSink() = default;

  /// Gives exactly `byte_size` bytes for an output. They must stay in place until the request is done. Memory aligned
  /// to the element is written by the model itself; other memory costs a copy. An error fails the request.
  virtual absl::StatusOr<std::span<std::byte>> Reserve(size_t index, const TensorInfo& output,
                                                       std::span<const int64_t> shape, size_t byte_size) = 0;

  /// Takes an output of strings: they are valid during the call only.
  virtual absl::Status PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                  std::span<const std::string> values) = 0;
};

/// The number of elements of a shape, or nothing when a dimension is negative or the product does not fit.
std::optional<size_t> ElementCount(std::span<const int64_t> shape);

/// "[1, 3, 224, 224]", the form in which messages show a shape; -1 stands for a dimension that is not fixed.
std::string ShapeText(std::span<const int64_t> shape);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_TENSOR_H_
