// Small, free functions over ONNX messages: reading nodes, making nodes, walking graphs and naming new values.
#ifndef LAMINA_PREPARE_GRAPH_H_
#define LAMINA_PREPARE_GRAPH_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
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

/// Whether it does nothing to the elements of its first input but move them or leave some out: each, of any type, goes
/// through the engine as it is.
bool OnlyMoves(const onnx::Node& node);

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

/// Drops the nodes for which that is true.
void EraseNodes(onnx::Graph& graph, const std::function<bool(const onnx::Node&)>& is_superfluous);

/// Old names of values and their new ones.
using NewNames = std::unordered_map<std::string, std::string>;

/// Renames the values, all at once: where they are made and wherever the graph and those inside it use them.
void RenameValues(onnx::Graph& graph, const NewNames& names);

/// The names of the values that the graphs inside the graph's nodes have of their own.
std::unordered_set<std::string> ValuesInside(const onnx::Graph& graph);

/// How often each value is read in the graph and in those inside it: by nodes, and as an output of the latter.
std::unordered_map<std::string, int> CountReaders(const onnx::Graph& graph);

/// The graph's constants: its initializers and what its Constant nodes make; null for what is no tensor there.
std::unordered_map<std::string_view, const onnx::Tensor*> FindConstants(const onnx::Graph& graph);

/// The imported version of the domain, 0 if there is none; Context::ImportedVersion does without a search.
int64_t ImportedVersion(const onnx::Model& model, std::string_view domain);

/// Sets metadata entries of the model, by key, replacing those of the same keys.
void SetMetadata(onnx::Model& model, std::map<std::string, std::string> entries);

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
