#ifndef LAMINA_SERVER_ENGINE_PORTS_H_
#define LAMINA_SERVER_ENGINE_PORTS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "openvino/core/model.hpp"
#include "server/api/metadata.h"
#include "server/engine/name_mapping.h"

namespace lamina::server {

/// A tensor's own name: as the model file has it, or the operation's where the file gives the tensor none.
std::string PortName(const ov::Output<ov::Node>& port);

/// Which tensors `names` has that the model has not, and what the model's are called; nothing when it has them all.
std::string UnknownNames(const NameMapping& names, const ov::Model& model);

/// An input or output as the engine sees it.
struct Port {
  TensorInfo info;
  ov::element::Type type;
  ov::PartialShape shape;
  /// Every dimension is known: `byte_size` bytes (0 for strings).
  bool fixed = false;
  size_t byte_size = 0;
};

/// A reply gives `got` bytes for an output that has `wanted`.
absl::Status WrongSize(const Port& port, size_t got, size_t wanted);

/// The inputs and outputs of a model in its own order, and how to find them by any of their names. Immutable.
class Ports {
 public:
  /// Fails when two tensors would have one name, or an element type that no protocol carries.
  static absl::StatusOr<Ports> Of(const ov::Model& model, const NameMapping& names);

  const std::vector<Port>& inputs() const { return inputs_; }
  const std::vector<Port>& outputs() const { return outputs_; }
  const std::shared_ptr<const Signature>& signature() const { return signature_; }
  /// The inputs leave no dimension open.
  bool fixed() const { return fixed_; }

  /// -1: no such.
  int FindInput(std::string_view name) const { return Find(input_index_, name); }
  int FindOutput(std::string_view name) const { return Find(output_index_, name); }

 private:
  using Index = absl::flat_hash_map<std::string, int>;
  static int Find(const Index& index, std::string_view name);
  static absl::StatusOr<std::vector<Port>> Describe(const std::vector<ov::Output<const ov::Node>>& ports,
                                                    const std::map<std::string, std::string>& aliases, const char* kind,
                                                    Index& index);

  std::vector<Port> inputs_, outputs_;
  Index input_index_, output_index_;
  std::shared_ptr<const Signature> signature_;
  bool fixed_ = true;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_PORTS_H_
