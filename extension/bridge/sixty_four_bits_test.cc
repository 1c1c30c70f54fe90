// What docs/design/sixty-four-bits.md promises.
#include "extension/bridge/sixty_four_bits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "extension/bridge/testing/runs.h"

namespace lamina::bridge {
namespace {

using ::testing::ElementsAre;
using F = OnnxType;

constexpr int64_t kBig = (int64_t{1} << 40) + 7;

// A graph input "p" of 64 bits that goes through the given nodes to the output "y".
template <class T>
struct Graph {
  OnnxModel model;
  F type = std::is_same_v<T, double> ? F::kDouble : F::kInt64;

  explicit Graph(const std::vector<int64_t>& dims) { model.Input("p", type, dims); }
  Graph& Node(const char* domain, const char* op, const std::vector<std::string>& in,
              const std::vector<std::string>& out, const std::vector<OnnxAttribute>& attributes = {}) {
    model.Node(domain, op, in, out, attributes);
    return *this;
  }
  std::vector<T> Values(ov::CompiledModel& compiled, T value) {
    return ValuesOf<T>(OutputsOf(compiled, {TensorOf<T>({1}, {value})}).back());
  }
  std::vector<T> Values(T value) {
    auto core = TestCore();
    model.Output("y", type, {-1});
    auto compiled = core.compile_model(Read(core, model), "CPU");
    return Values(compiled, value);
  }
};

class SixtyFourBitsTest : public ::testing::TestWithParam<int64_t> {
 protected:
  const std::vector<int64_t> dims_ = {GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Shapes, SixtyFourBitsTest, ::testing::Values(1, -1));

TEST_P(SixtyFourBitsTest, GraphInputToLayer) {
  EXPECT_THAT(Graph<int64_t>(dims_).Node("test", "AddOne", {"p"}, {"y"}).Values(kBig), ElementsAre(kBig + 1));
  EXPECT_THAT(Graph<double>(dims_).Node("test", "AddOne", {"p"}, {"y"}).Values(1.1), ElementsAre(1.1 + 1));
}

TEST_P(SixtyFourBitsTest, LayerToLayer) {
  EXPECT_THAT(
      Graph<int64_t>(dims_).Node("test", "AddOne", {"p"}, {"a"}).Node("test", "AddOne", {"a"}, {"y"}).Values(kBig),
      ElementsAre(kBig + 2));
  EXPECT_THAT(
      Graph<double>(dims_).Node("test", "AddOne", {"p"}, {"a"}).Node("test", "AddOne", {"a"}, {"y"}).Values(1.1),
      ElementsAre(1.1 + 1 + 1));
}

TEST_P(SixtyFourBitsTest, ThroughMovesOfWholeElements) {
  Graph<int64_t> graph(dims_);
  graph.model.Constant("shape", F::kInt64, {2}, Raw<int64_t>({-1, 1}))
      .Constant("axis", F::kInt64, {1}, Raw<int64_t>({1}));
  graph.Node("", "Reshape", {"p", "shape"}, {"r"})
      .Node("", "Transpose", {"r"}, {"t"})
      .Node("", "Transpose", {"t"}, {"u"});
  graph.Node("", "Squeeze", {"u", "axis"}, {"s"}).Node("test", "AddOne", {"s"}, {"y"});
  EXPECT_THAT(graph.Values(kBig), ElementsAre(kBig + 1));
}

TEST_P(SixtyFourBitsTest, TheEnginesOperationsSeeTheirOwnWidth) {
  // The same input goes to a layer and to an operation of the engine, and a layer's output to another one.
  Graph<int64_t> ints(dims_);
  ints.model.Constant("one", F::kInt64, {1}, Raw<int64_t>({1}));
  ints.Node("test", "AddOne", {"p"}, {"a"}).Node("", "Add", {"p", "one"}, {"b"}).Node("", "Add", {"a", "b"}, {"y"});
  EXPECT_THAT(ints.Values(5), ElementsAre(12));
  Graph<double> doubles(dims_);
  doubles.model.Constant("one", F::kDouble, {1}, Raw<double>({1}));
  doubles.Node("test", "AddOne", {"p"}, {"a"}).Node("", "Add", {"p", "one"}, {"b"}).Node("", "Add", {"a", "b"}, {"y"});
  EXPECT_THAT(doubles.Values(2.5), ElementsAre(7));
}

TEST_P(SixtyFourBitsTest, FromTheEnginesOperationToALayer) {
  Graph<int64_t> graph(dims_);
  graph.model.Constant("one", F::kInt64, {1}, Raw<int64_t>({1}));
  graph.Node("", "Add", {"p", "one"}, {"a"}).Node("test", "AddOne", {"a"}, {"y"});
  EXPECT_THAT(graph.Values(-5), ElementsAre(-3));
}

TEST_P(SixtyFourBitsTest, Constants) {
  Graph<int64_t> graph(dims_);
  graph.model.Constant("big", F::kInt64, {1}, Raw<int64_t>({kBig}));
  graph.Node("test", "AddOne", {"big"}, {"a"}).Node("test", "Copy", {"p"}, {"b"}).Node("test", "Copy", {"a"}, {"y"});
  graph.model.Output("b", F::kInt64, {-1});
  EXPECT_THAT(graph.Values(1), ElementsAre(kBig + 1));
}

TEST_P(SixtyFourBitsTest, SavedAndCached) {
  const TemporaryFolder folder;
  Graph<int64_t> graph(dims_);
  graph.model.Constant("one", F::kInt64, {1}, Raw<int64_t>({1}));
  graph.Node("test", "AddOne", {"p"}, {"a"}).Node("", "Add", {"p", "one"}, {"b"}).Node("test", "AddOne", {"a"}, {"y"});
  graph.model.Output("b", F::kInt64, {-1}).Output("y", F::kInt64, {-1});
  auto core = TestCore();
  auto saved = core.compile_model(ThroughIr(core, Read(core, graph.model), folder), "CPU");
  EXPECT_THAT(graph.Values(saved, kBig), ElementsAre(kBig + 2));
  std::ofstream(folder / "model.onnx", std::ios::binary) << graph.model.Bytes();
  for (const bool from_cache : {false, true}) {
    auto other = TestCore();
    other.set_property(ov::cache_dir(folder / "cache"));
    auto cached = other.compile_model(folder / "model.onnx", "CPU");
    EXPECT_EQ(cached.get_property(ov::loaded_from_cache), from_cache);
    EXPECT_THAT(graph.Values(cached, kBig), ElementsAre(kBig + 2));
  }
}

/// A body that gives operator(p), p being a value of the graph around it.
Message Body(const char* domain, const char* op, bool told) {
  Message node, info, graph, in_body;
  in_body.Bytes(1, "lamina_in_body").Varint(3, 1).Varint(20, 2);
  node.Bytes(1, "p").Bytes(2, "out").Bytes(3, "inner").Bytes(4, op).Bytes(7, domain);
  if (told) node.Add(5, in_body);
  info.Bytes(1, "out").Add(2, Message().Add(1, Message().Varint(1, 7)));
  return graph.Add(1, node).Bytes(2, "body").Add(12, info);
}

/// y = then(p) or otherwise(p), as c says, of 5: read and through IR.
void ExpectOfIf(Graph<int64_t>& graph, const Message& then, const Message& otherwise, int64_t if_true,
                int64_t if_false) {
  OnnxAttribute then_branch{"then_branch", {}}, else_branch{"else_branch", {}};
  then_branch.message.Bytes(1, "then_branch").Varint(20, 5).Add(6, then);
  else_branch.message.Bytes(1, "else_branch").Varint(20, 5).Add(6, otherwise);
  graph.model.Input("c", F::kBool, {1})
      .Node("", "If", {"c"}, {"y"}, {then_branch, else_branch})
      .Output("y", F::kInt64, {-1});
  auto core = TestCore();
  const TemporaryFolder folder;
  const auto read = Read(core, graph.model);
  ov::Tensor condition(ov::element::boolean, {1});
  for (const auto& model : {read, ThroughIr(core, read, folder)}) {
    auto compiled = core.compile_model(model, "CPU");
    for (const bool take : {true, false}) {
      *condition.data<bool>() = take;
      EXPECT_THAT(ValuesOf<int64_t>(OutputsOf(compiled, {TensorOf<int64_t>({1}, {5}), condition})[0]),
                  ElementsAre(take ? if_true : if_false));
    }
  }
}

TEST_P(SixtyFourBitsTest, InABodyOfIf) {
  // The bodies' values come from outside: what the engine hands in there is what a layer gets, but it must not crash.
  Graph<int64_t> graph(dims_);
  ExpectOfIf(graph, Body("test", "AddOne", false), Body("test", "Copy", false), 6, 5);
}

TEST_P(SixtyFourBitsTest, OutOfABodyInTheEnginesWidth) {
  // One branch ends in a layer, the other one in an operation of the engine: both have to give the same type.
  Graph<int64_t> graph(dims_);
  ExpectOfIf(graph, Body("test", "AddOne", true), Body("", "Neg", false), 6, -5);
}

// Types that the engine converts without loss: a layer gets what the model declares.
template <class T>
void ExpectCopied(F type, const std::vector<T>& values) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", type, {-1})
      .Node("test", "Copy", {"x"}, {"c"})
      .Node("test", "Copy", {"c"}, {"y"})
      .Output("y", type, {-1});
  EXPECT_EQ(ValuesOf<T>(OutputsOf(core, model, {TensorOf<T>({values.size()}, values)})[0]), values) << int(type);
}

TEST(NarrowTypesTest, ArriveAsDeclared) {
  ExpectCopied<uint8_t>(F::kUint8, {0, 1, 255});
  ExpectCopied<int8_t>(F::kInt8, {-128, 0, 127});
  ExpectCopied<uint16_t>(F::kUint16, {0, 65535});
  ExpectCopied<int16_t>(F::kInt16, {-32768, 32767});
  ExpectCopied<int32_t>(F::kInt32, {INT32_MIN, INT32_MAX});
  ExpectCopied<uint32_t>(F::kUint32, {0, 7, INT32_MAX});
  ExpectCopied<int64_t>(F::kInt64, {INT64_MIN, INT64_MAX});
  ExpectCopied<uint64_t>(F::kUint64, {0, UINT64_MAX});
  ExpectCopied<float>(F::kFloat, {1e-45f, 0.1f});
  ExpectCopied<double>(F::kDouble, {0.1, 1e-300});
  ExpectCopied<ov::float16>(F::kFloat16, {ov::float16(0.1f), ov::float16(-2.f)});
  ExpectCopied<ov::bfloat16>(F::kBfloat16, {ov::bfloat16(0.1f), ov::bfloat16(-2.f)});
  ExpectCopied<std::string>(F::kString, {"", "a"});
}

}  // namespace
}  // namespace lamina::bridge
