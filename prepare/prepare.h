// Preparing an ONNX model: rewriting the few nodes that the engine's front-end can't take or gets wrong, before it sees
// them. Nothing here knows OpenVINO; read_model.h is what joins the two.
//
// All functions may be called from any thread; nothing is shared between calls.
#ifndef LAMINA_PREPARE_PREPARE_H_
#define LAMINA_PREPARE_PREPARE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace lamina::prepare {

/// An ONNX operator that a layer of a library at hand takes: one binding of the library's manifest.
struct LayerBinding {
  std::string domain;         // "" is ai.onnx
  std::string operator_name;  // as ONNX spells it
  int since = 0;              // operator set versions, both included; 0: no bound
  int until = 0;
  std::optional<std::vector<std::string>> attributes = {};  // that the layer has; nullopt: not known
};

struct Options {
  /// What the extension libraries at hand bind. A rewrite that sends a node to a layer of ours is done only if the
  /// layer is here.
  std::vector<LayerBinding> layers;
};

/// What was done to all nodes of one kind for one reason.
struct Change {
  std::string domain;  // of the node's operator; "" is ai.onnx
  std::string operator_name;
  int count = 0;
  std::string what;  // "became a tensor output [N, C] in class order", ...
};

/// An operator that neither the engine's front-end nor any layer at hand takes.
struct UnknownOperator {
  std::string domain;
  std::string operator_name;
  int count = 0;
  std::string nearest;  // the known operator with the nearest name, "" if none is near or a thousand others were first
};

inline constexpr char kWarning[] = "warning: ";

struct Report {
  std::vector<Change> changes;
  std::vector<Change> warnings;  // nodes that the engine is known to get wrong and nothing at hand makes right
  std::vector<UnknownOperator> unknown;

  /// One line for each change and each warning, for a log. The latter begin with kWarning.
  std::vector<std::string> Lines() const;
};

/// A model that the engine can read.
struct Prepared {
  std::string model;  // a serialised ONNX ModelProto; external weights still by reference, relative to its directory
  Report report;
};

/// Prepares a serialised ONNX model. Fails with InvalidArgument if it is none, or if it holds a node that has no
/// right form; an operator that nobody knows is no failure here (see Report::unknown and UnknownOperatorsError).
absl::StatusOr<Prepared> Prepare(std::string_view model, const Options& options);

/// The same for a file. External weights are neither read nor needed.
absl::StatusOr<Prepared> PrepareFile(const std::filesystem::path& path, const Options& options);

/// Prepares the model `in` and writes it as `out`, which stock OpenVINO reads once our library is added. References to
/// external weights are written so that they are valid from out's folder: if that is not the folder of `in`, the weight
/// files are linked or copied beside `out`. Fails with Unimplemented if the model has unknown operators.
absl::StatusOr<Report> PrepareToFile(const std::filesystem::path& in, const std::filesystem::path& out,
                                     const Options& options);

/// OK if there are no unknown operators, else Unimplemented with a text that lists them, up to a thousand, with domain,
/// count and nearest known name, and says how to add a layer for one. `model` names the model in the text.
absl::Status UnknownOperatorsError(const Report& report, std::string_view model);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_PREPARE_H_
