#include "tests/fuzz/model_seeds.h"

#include "prepare/test_model.h"

namespace lamina {
namespace {

using prepare::SetInt;
using prepare::SetString;
using prepare::SetStrings;
using prepare::TestModel;
using T = onnx::Tensor;

std::string Identities() {
  TestModel model;
  model.Input("x", T::STRING).Output("y", T::STRING);
  model.Node("Identity", {"x"}, {"a"});
  model.Node("Identity", {"a"}, {"y"});
  return model.Bytes();
}

std::string Branch() {
  TestModel model;
  model.Import("local", 1).Input("x").Input("c", T::BOOL, {}).Output("y");
  model.Node("Layer", {"x"}, {"a"}, "local");
  model.Node("Identity", {"a"}, {"b"});
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"y"}), "r");
  *branch.add_node() = prepare::MakeNode("Relu", {"b"}, {"r"});
  return model.Bytes();
}

std::string Function() {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y").Node("F", {"x"}, {"y"}, "local");
  onnx::Function& function = model.Function("F", {"a"}, {"c"});
  *function.add_node() = prepare::MakeNode("Exp", {"a"}, {"b"});
  *function.add_node() = prepare::MakeNode("Relu", {"b"}, {"c"});
  return model.Bytes();
}

std::string Maps() {
  TestModel model;
  model.Import("ai.onnx.ml", 1).MapInput("m", T::STRING).Output("z");
  SetStrings(model.Node("DictVectorizer", {"m"}, {"x"}, "ai.onnx.ml"), "string_vocabulary", {"b", "a"});
  SetStrings(model.Node("ZipMap", {"x"}, {"z"}, "ai.onnx.ml"), "classlabels_strings", {"a", "b"});
  return model.Bytes();
}

std::string Sequence() {
  TestModel model;
  model.Input("x").Output("s");
  model.Node("Abs", {"x"}, {"a"});
  model.Node("SequenceConstruct", {"a", "x"}, {"q"});
  model.Node("Identity", {"q"}, {"s"});
  return model.Bytes();
}

std::string Reduction() {
  TestModel model;
  model.Input("x", T::FLOAT, {-1, 3, 4}).Output("y");
  prepare::AddInts(model.graph(), "axis", {2});
  prepare::AddInts(model.graph(), "c", {1, 2, 3});
  SetInt(model.Node("ReduceSum", {"x", "axis"}, {"r"}), "keepdims", 0);
  model.Node("Add", {"r", "c"}, {"y"});
  return model.Bytes();
}

std::string Biases() {
  TestModel model;
  model.Input("x", T::DOUBLE).Output("y", T::DOUBLE);
  for (const char* name : {"w", "a", "b"}) {
    onnx::Tensor& tensor = *model.graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(T::DOUBLE);
  }
  model.Node("MatMul", {"x", "w"}, {"p"});
  model.Node("Add", {"p", "a"}, {"q"});
  model.Node("Add", {"q", "b"}, {"y"});
  return model.Bytes();
}

std::string Redirected() {
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x", T::INT64).Output("y").Output("z");
  SetString(model.Node("Normalizer", {"x"}, {"y"}, "ai.onnx.ml"), "norm", "MAX");
  model.Node("Div", {"x", "x"}, {"d"});
  SetInt(model.Node("GRU", {"d", "w", "w"}, {"", "z"}), "layout", 1);
  prepare::AddFloat(model.graph(), "w", 1);
  return model.Bytes();
}

}  // namespace

std::map<std::string, std::string> PrepareSeeds() {
  return {
      {"identities", Identities()}, {"branch", Branch()},       {"function", Function()}, {"maps", Maps()},
      {"sequence", Sequence()},     {"reduction", Reduction()}, {"biases", Biases()},     {"redirected", Redirected()}};
}

}  // namespace lamina
