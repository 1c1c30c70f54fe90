#include "prepare/element_types.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "prepare/graph.h"

namespace lamina::prepare {
namespace {

using T = onnx::Tensor;

// A rule of the table below: a type, or where the type is to be found.
constexpr int kFirstInput = -1;
constexpr int kSecondInput = -2;
constexpr int kThirdInput = -3;
constexpr int kAttributeTo = -4;
constexpr int kAttributeDtype = -5;  // else f32
constexpr int kValue = -6;           // of a tensor attribute, or the kind of value_*; else f32
constexpr int kClassLabels = -7;     // strings if there are any, else i64
constexpr int kValues = -8;          // of LabelEncoder's values_*
constexpr int kOtherKey = -9;        // string for i64, i64 for string

struct Rule {
  std::string_view op;
  int first;
  int second = kFirstInput;  // of the outputs after the first
};

// Operators of ai.onnx and ai.onnx.ml (their names do not meet) whose outputs are not all of the first input's type.
constexpr Rule kRules[] = {
    {"And", T::BOOL},
    {"ArgMax", T::INT64},
    {"ArgMin", T::INT64},
    {"Cast", kAttributeTo},
    {"CastLike", kSecondInput},
    {"CategoryMapper", kOtherKey},
    {"Constant", kValue},
    {"ConstantOfShape", kValue},
    {"ConvInteger", T::INT32},
    {"DequantizeLinear", kSecondInput},
    {"Dropout", kFirstInput, T::BOOL},
    {"DynamicQuantizeLinear", T::UINT8, T::FLOAT},
    {"Equal", T::BOOL},
    {"FeatureVectorizer", T::FLOAT},
    {"Greater", T::BOOL},
    {"GreaterOrEqual", T::BOOL},
    {"IsInf", T::BOOL},
    {"IsNaN", T::BOOL},
    {"LabelEncoder", kValues},
    {"Less", T::BOOL},
    {"LessOrEqual", T::BOOL},
    {"LinearClassifier", kClassLabels, T::FLOAT},
    {"LinearRegressor", T::FLOAT},
    {"MatMulInteger", T::INT32},
    {"MaxPool", kFirstInput, T::INT64},
    {"NonMaxSuppression", T::INT64},
    {"NonZero", T::INT64},
    {"Normalizer", T::FLOAT},
    {"Not", T::BOOL},
    {"OneHot", kThirdInput},
    {"OneHotEncoder", T::FLOAT},
    {"Or", T::BOOL},
    {"QuantizeLinear", kThirdInput},
    {"RandomNormal", kAttributeDtype},
    {"RandomUniform", kAttributeDtype},
    {"RegexFullMatch", T::BOOL},
    {"SVMClassifier", kClassLabels, T::FLOAT},
    {"SVMRegressor", T::FLOAT},
    {"Scaler", T::FLOAT},
    {"Shape", T::INT64},
    {"Size", T::INT64},
    {"StringSplit", T::STRING, T::INT64},
    {"TfIdfVectorizer", T::FLOAT},
    {"TopK", kFirstInput, T::INT64},
    {"TreeEnsembleClassifier", kClassLabels, T::FLOAT},
    {"TreeEnsembleRegressor", T::FLOAT},
    {"Unique", kFirstInput, T::INT64},
    {"Where", kSecondInput},
    {"Xor", T::BOOL},
};
static_assert(std::is_sorted(std::begin(kRules), std::end(kRules),
                             [](const Rule& a, const Rule& b) { return a.op < b.op; }));

int ValueType(const onnx::Node& node) {
  for (const onnx::Attribute& attribute : node.attribute()) {
    if (attribute.name() == "value") return attribute.t().data_type();
    if (attribute.name() == "value_int" || attribute.name() == "value_ints") return T::INT64;
    if (attribute.name() == "value_string" || attribute.name() == "value_strings") return T::STRING;
  }
  return T::FLOAT;
}

int LabelEncoderType(const onnx::Node& node) {
  for (const onnx::Attribute& attribute : node.attribute()) {
    if (attribute.name() == "values_tensor") return attribute.t().data_type();
    if (attribute.name() == "values_strings" && attribute.strings_size() > 0) return T::STRING;
    if (attribute.name() == "values_int64s" && attribute.ints_size() > 0) return T::INT64;
    if (attribute.name() == "values_floats" && attribute.floats_size() > 0) return T::FLOAT;
  }
  return T::UNDEFINED;
}

int ClassLabelType(const onnx::Node& node) {
  for (const onnx::Attribute& attribute : node.attribute()) {
    if (attribute.name().starts_with("classlabels_") && attribute.strings_size() > 0) return T::STRING;
  }
  return T::INT64;
}

int ByRule(int rule, const onnx::Node& node, const TypeScope& scope) {
  if (rule >= 0) return rule;
  const auto input = [&](int index) { return scope.Of(InputName(node, index)); };
  switch (rule) {
    case kSecondInput:
      return input(1);
    case kThirdInput:
      return input(2);
    case kAttributeTo:
      return static_cast<int>(IntAttribute(node, "to", T::UNDEFINED));
    case kAttributeDtype:
      return static_cast<int>(IntAttribute(node, "dtype", T::FLOAT));
    case kValue:
      return ValueType(node);
    case kClassLabels:
      return ClassLabelType(node);
    case kValues:
      return LabelEncoderType(node);
    case kOtherKey:
      return input(0) == T::STRING ? T::INT64 : T::STRING;
    default:
      return input(0);
  }
}

/// Whether the table speaks of the node: its domain is one whose operators follow it.
bool InTable(const onnx::Node& node) {
  const std::string_view domain = NormalDomain(node.domain());
  return domain.empty() || domain == "ai.onnx.ml" || domain == "lamina";
}

void Declare(const onnx::Graph& graph, TypeScope& scope) {
  for (const auto* list : {&graph.input(), &graph.value_info(), &graph.output()}) {
    for (const onnx::ValueInfo& value : *list) scope.Set(value.name(), value.type().tensor_type().elem_type());
  }
  for (const onnx::Tensor& tensor : graph.initializer()) scope.Set(tensor.name(), tensor.data_type());
}

void Visit(onnx::Graph& graph, const TypeScope* parent,
           const std::function<void(onnx::Graph&, onnx::Node&, const TypeScope&)>& visit) {
  TypeScope scope(parent);
  Declare(graph, scope);
  for (onnx::Node& node : *graph.mutable_node()) {
    visit(graph, node, scope);
    for (onnx::Attribute& attribute : *node.mutable_attribute()) {
      if (attribute.has_g()) Visit(*attribute.mutable_g(), &scope, visit);
      for (onnx::Graph& inner : *attribute.mutable_graphs()) Visit(inner, &scope, visit);
    }
    for (int i = 0; i < node.output_size(); ++i) scope.Set(node.output(i), OutputType(node, i, scope));
  }
}

}  // namespace

int TypeScope::Of(const std::string& value) const {
  const auto found = types_.find(value);
  if (found != types_.end()) return found->second;
  return parent_ == nullptr ? int{T::UNDEFINED} : parent_->Of(value);
}

void TypeScope::Set(const std::string& value, int type) {
  if (value.empty() || type == T::UNDEFINED) return;
  types_[value] = type;
}

int OutputType(const onnx::Node& node, int output, const TypeScope& scope) {
  const bool has_graphs = std::any_of(node.attribute().begin(), node.attribute().end(),
                                      [](const onnx::Attribute& attribute) { return attribute.has_g(); });
  if (!InTable(node) || has_graphs) return T::UNDEFINED;
  const Rule* rule = std::lower_bound(std::begin(kRules), std::end(kRules), node.op_type(),
                                      [](const Rule& a, const std::string& op) { return a.op < op; });
  if (rule == std::end(kRules) || rule->op != node.op_type()) return scope.Of(InputName(node, 0));
  return ByRule(output == 0 ? rule->first : rule->second, node, scope);
}

void VisitTyped(onnx::Graph& graph, const std::function<void(onnx::Graph&, onnx::Node&, const TypeScope&)>& visit) {
  Visit(graph, nullptr, visit);
}

}  // namespace lamina::prepare
