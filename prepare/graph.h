// Small, free functions over ONNX messages: reading nodes, making nodes, walking graphs and naming new values.
#ifndef LAMINA_PREPARE_GRAPH_H_
#define LAMINA_PREPARE_GRAPH_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "prepare/onnx.pb.h"

namespace lamina::prepare {

using NodeList = google::protobuf::RepeatedPtrField<onnx::Node>;

/// The domain as nodes are compared by: "ai.onnx" is "".
std::string_view NormalDomain(std::string_view domain);

/// "ai.onnx.ml.ZipMap"; an operator of ai.onnx has its bare name.
std::string OperatorName(std::string_view domain, std::string_view name);
std::string OperatorName(const onnx::Node& node);

bool IsOperator(const onnx::Node& node, std::string_view domain, std::string_view name);

/// "node 'a' (Conv)", or by its first output if it has no name.
std::string Describe(const onnx::Node& node);

/// Null if the node has no such attribute.
const onnx::Attribute* FindAttribute(const onnx::Node& node, std::string_view name);
int64_t IntAttribute(const onnx::Node& node, std::string_view name, int64_t otherwise);
std::string StringAttribute(const onnx::Node& node, std::string_view name, std::string_view otherwise);

/// The input's name, "" if it is absent.
const std::string& InputName(const onnx::Node& node, int index);

onnx::Node MakeNode(std::string_view op_type, std::initializer_list<std::string> inputs,
                    std::initializer_list<std::string> outputs);
void SetInt(onnx::Node& node, std::string_view name, int64_t value);
void SetInts(onnx::Node& node, std::string_view name, std::initializer_list<int64_t> values);
/// Makes the node an Identity of its first input.
void BecomeIdentity(onnx::Node& node);

/// Adds a one-dimensional i64 initializer.
void AddInts(onnx::Graph& graph, const std::string& name, std::initializer_list<int64_t> values);
/// Adds a scalar f32 initializer.
void AddFloat(onnx::Graph& graph, const std::string& name, float value);

/// Calls visit for the graph and for every graph inside its nodes' attributes, at any depth, outer ones first.
void ForEachGraph(onnx::Graph& graph, const std::function<void(onnx::Graph&)>& visit);
void ForEachGraph(const onnx::Graph& graph, const std::function<void(const onnx::Graph&)>& visit);
/// The same for the graphs inside one node's attributes.
void ForEachGraph(onnx::Node& node, const std::function<void(onnx::Graph&)>& visit);

/// A node in the graphs inside `node` that reads one of the values, or `node` itself if such a graph gives one as its
/// output; null if there is none.
const onnx::Node* ReaderInside(onnx::Node& node, const std::function<bool(const std::string&)>& is_value);

/// Replaces the graph's nodes by what `emit` adds to `out` for each of them, in order; `emit` may move the node there.
void Rebuild(onnx::Graph& graph, const std::function<void(onnx::Node& node, NodeList& out)>& emit);

/// Gives every use of the value `from`, in the graph and in those inside it, the name `to`; its maker's, too.
void RenameValue(onnx::Graph& graph, const std::string& from, const std::string& to);

/// Whether a graph inside one of the graph's nodes has a value of its own of that name.
bool IsShadowed(const onnx::Graph& graph, const std::string& name);

/// How often each value is read in the graph and in those inside it: by nodes, and as an output of the latter.
std::unordered_map<std::string, int> CountReaders(const onnx::Graph& graph);

/// Makes an Identity of the graph superfluous: whoever reads its output reads its input instead, or, if its output is
/// one of the graph's, its input takes that name. False, and nothing is changed, if that cannot be: if the output is
/// one of the graph's and the input is one, too, or is not made by a node of the graph, if one of them is absent, or if
/// a graph inside has another value of such a name. The caller then drops the node before it asks for the next one.
bool Bypass(onnx::Graph& graph, const onnx::Node& identity);

/// Makes sure that the model imports an operator set of the domain, at `version` if it has none yet.
void ImportDomain(onnx::Model& model, std::string_view domain, int64_t version);
/// The imported version of the domain, 0 if there is none.
int64_t ImportedVersion(const onnx::Model& model, std::string_view domain);

/// Sets a metadata entry of the model, replacing one of the same key.
void SetMetadata(onnx::Model& model, std::string_view key, std::string_view value);

/// Every name of a value or node in a model, its functions aside, so that new ones never meet old ones.
class Names {
 public:
  explicit Names(const onnx::Model& model);

  /// A name that nobody has yet: the stem itself, or the stem with a number.
  std::string Fresh(std::string_view stem);

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, int> next_;  // of a stem that was asked for: the number to try next
};

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_GRAPH_H_
