// The SDK's face and the test kit, by layers that use every part of them.
#define LAMINA_LIBRARY_NAME "testkit_test"
#define LAMINA_LIBRARY_VERSION "1.2.3"
#include "sdk/testkit/testkit.h"

#include <gtest/gtest.h>
#include <lamina/layer.h>

#include "sdk/testkit/example.h"

namespace lamina::testkit {
namespace {

struct LeakyRelu {
  float alpha = 0.01f;
  void Compute(In<float> x, Out<float> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = x[i] > 0 ? x[i] : alpha * x[i];
  }
};
LAMINA_LAYER(LeakyRelu, .Onnx("my.domain")
                            .Attribute<&LeakyRelu::alpha>("alpha")
                            .SameShape()
                            .Example("alpha=0.5 x=f32[3]{-1,0,2} -> y=f32[3]{-0.5,0,2}")
                            .Example("x=f32[0]{} -> y=f32[0]{}"));

struct LyingExample {
  void Compute(In<float> x, Out<float> y) const { std::copy(x.begin(), x.end(), y.begin()); }
};
LAMINA_LAYER(LyingExample, .SameShape().Example("x=f32[1]{1} -> y=f32[1]{2}"));

// y = x, and more in greater batches.
struct LyingRows {
  void Compute(In<float> x, Out<float> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = x[i] + (x.size() > 4);
  }
};
LAMINA_LAYER(LyingRows, .SameShape()
                            .RowWise()
                            .Example("x=f32[5]{1,2,3,4,5} -> y=f32[5]{2,3,4,5,6}")
                            .Example("x=f32[2,1]{1,2} -> y=f32[2,1]{1,2}"));

// Of several types, with an optional and strings: y = scale * x, or each text's length.
struct Multiply {
  template <class T>
  void Compute(In<T> x, In<T> scale, Out<T> y, const Call& call) const {
    call.ParallelFor(x.size(), 2, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) y[i] = x[i] * (scale.present() ? scale[0] : T(2));
    });
  }
};
LAMINA_LAYER(Multiply, .ForTypes<float, double, int64_t>().Inputs("x", "scale").Optional(1).SameShape());

struct Join {
  std::string separator;
  std::vector<std::string> endings;
  void Compute(Variadic<std::string_view> parts, Out<std::string_view> y) const {
    for (size_t i = 0; i < y.size(); ++i) {
      std::string text;
      for (size_t k = 0; k < parts.size(); ++k) text += (k ? separator : "") + std::string(parts[k][i]);
      y.Set(i, text + (endings.empty() ? "" : endings[0]));
    }
  }
};
LAMINA_LAYER(Join, .Required<&Join::separator>("separator").Attribute<&Join::endings>("endings").SameShape());

// How many inputs follow the first two.
struct CountRest {
  void Compute(In<float>, In<float>, Variadic<float> rest, Out<float> y) const { y[0] = float(rest.size()); }
};
LAMINA_LAYER(CountRest, .Optional(2).SameShape());

struct SumAll {
  template <class T>
  void Compute(Variadic<T> all, Out<T> y) const {
    y[0] = 0;
    for (size_t i = 0; i < all.size(); ++i) y[0] += all[i][0];
  }
};
LAMINA_LAYER(SumAll, .ForTypes<float, double>().SameShape());

// The positive elements: a shape that the values decide; state that Prepare makes; scratch; attributes as tensors.
struct Positive {
  TensorValue<double> offset;
  double sum = 0;
  void Prepare(const Node& node) {
    Require(node.input_count() == 1, "Positive: got ", node.input_count(), " inputs, expected 1");
    for (const double value : offset.values) sum += value;
  }
  void Infer(const Inference& inference) const { inference.SetOutput(0, LAMINA_F32, {-1}); }
  void Compute(const Call& call) const {
    if (call.cancelled()) throw Error("cancelled", LAMINA_CANCELLED);
    const auto x = call.In(0).As<float>();
    const auto kept = call.Scratch<float>(x.size());
    size_t n = 0;
    for (const float value : x) {
      if (value + sum > 0) kept[n++] = float(value + sum);
    }
    const auto y = call.Out(0);
    y.Resize({int64_t(n)});
    std::copy_n(kept.begin(), n, static_cast<float*>(y.data()));
  }
};
LAMINA_LAYER(Positive, .Input("x", Types<float>).Output("y").Attribute<&Positive::offset>("offset"));

struct Thrower {
  int32_t what = 0;
  std::vector<int32_t> list;
  void Compute(In<float>, Out<float>, const Call& call) const {
    if (what == 0) throw 7;
    if (what == 1) throw std::runtime_error("by name");
    call.ParallelFor(8, 1, [](size_t, size_t end) { Require(end < 8, "in a part"); });
  }
};
LAMINA_LAYER(Thrower, .Attribute<&Thrower::what>("what").Attribute<&Thrower::list>("list").SameShape());

struct Overwriter {
  void Compute(In<float> x, Out<float> y) const { y.data()[x.size()] = 1; }
};
LAMINA_LAYER(Overwriter, .SameShape());

std::string RunError(const std::string& layer, const AttributeSet& attributes, const std::vector<Value>& inputs) {
  return RunLayer(layer, attributes, inputs).error;
}

TEST(Testkit, RunsALayerEverywhere) {
  EXPECT_EQ("", CheckEverywhere("LeakyRelu", AttributeSet().Float("alpha", 0.5f).Int("other", 1) /* is not looked at */,
                                {Value::Of<float>({2, 2}, {-1, 3, -4, 0})},
                                {Value::Of<float>({2, 2}, {-0.5f, 3, -2, 0})}));
  EXPECT_NE("",
            CheckEverywhere("LeakyRelu", AttributeSet(), {Value::Of<float>({1}, {1})}, {Value::Of<float>({1}, {2})}));
}

TEST(Testkit, ExamplesProveOrDisprove) {
  EXPECT_EQ("", CheckExamples(FindLayer(lamina_library, "LeakyRelu")));
  EXPECT_EQ("LyingExample, example \"x=f32[1]{1} -> y=f32[1]{2}\": output 0: element 0 of f32[1] is 1, expected 2",
            CheckExamples(FindLayer(lamina_library, "LyingExample")));
}

TEST(TestKit, HoldsALayerToItsRows) {
  EXPECT_EQ("LyingRows, example \"x=f32[2,1]{1,2} -> y=f32[2,1]{1,2}\": it says that it works row by row, but many "
            "rows: output 0: element 0 of f32[333,1] is 2, expected 1",
            CheckExamples(FindLayer(lamina_library, "LyingRows")));
}

TEST(Testkit, ChoosesComputeByType) {
  const auto run = [](const Value& x, const Value& scale) { return RunLayer("Multiply", AttributeSet(), {x, scale}); };
  EXPECT_EQ("", Difference(run(Value::Of<int64_t>({3}, {1, int64_t{1} << 40, 3}), Value::Absent()).outputs.at(0),
                           Value::Of<int64_t>({3}, {2, int64_t{1} << 41, 6})));
  EXPECT_EQ("", Difference(run(Value::Of<double>({1}, {0.5}), Value::Of<double>({1}, {3})).outputs.at(0),
                           Value::Of<double>({1}, {1.5})));
  EXPECT_EQ("Multiply takes no inputs of types (f32, f64)",
            run(Value::Of<float>({1}, {0}), Value::Of<double>({1}, {3})).error);
  EXPECT_EQ("input 0 'x' is string, expected f32 or f64 or i64",
            run(Value::Strings({1}, {"a"}), Value::Absent()).error);
}

TEST(Testkit, StringsAndVariadicInputs) {
  const Outcome got = RunLayer("Join", AttributeSet().String("separator", "-").Strings("endings", {"!"}),
                          {Value::Strings({2}, {"a", ""}), Value::Strings({2}, {"b", "\xc3\xa4"})});
  EXPECT_EQ("", Difference(got.outputs.at(0), Value::Strings({2}, {"a-b!", "-\xc3\xa4!"})));
  EXPECT_EQ("input 1 'x' is missing",
            RunError("Join", AttributeSet().String("separator", "-"),
                     {Value::Strings({1}, {"a"}), Value::Absent(), Value::Strings({1}, {"b"})}));
  EXPECT_EQ("attribute 'separator' is missing", RunError("Join", AttributeSet(), {Value::Strings({1}, {"a"})}));
  EXPECT_EQ("attribute 'separator' is of kind int, expected string",
            RunError("Join", AttributeSet().Int("separator", 1), {Value::Strings({1}, {"a"})}));
  EXPECT_EQ(
      "attribute 'separator' is there twice, expected it once",
      RunError("Join", AttributeSet().String("separator", "-").Int("separator", 1), {Value::Strings({1}, {"a"})}));
}

TEST(Testkit, InputsThatAreLeftOut) {
  EXPECT_EQ("the outputs have the shape of input 0, which is absent",
            RunError("Join", AttributeSet().String("separator", "-"), {}));
  const Outcome got = RunLayer("CountRest", AttributeSet(), {Value::Of<float>({1}, {7})});
  ASSERT_EQ("", got.error);
  EXPECT_EQ("", Difference(got.outputs.at(0), Value::Of<float>({1}, {0})));
}

TEST(Testkit, VariadicInputsAreOfOneType) {
  const Value f32 = Value::Of<float>({1}, {1}), f64 = Value::Of<double>({1}, {2});
  EXPECT_EQ("",
            Difference(RunLayer("SumAll", AttributeSet(), {f64, f64, f64}).outputs.at(0), Value::Of<double>({1}, {6})));
  EXPECT_EQ("SumAll takes no inputs of types (f64, f64, f32)", RunError("SumAll", AttributeSet(), {f64, f64, f32}));
}

TEST(Testkit, DataDependentShapes) {
  const auto offset = [] { return AttributeSet().Tensor("offset", Value::Of<double>({2}, {0.5, 0.5})); };
  EXPECT_EQ("", CheckEverywhere("Positive", offset(), {Value::Of<float>({4}, {-2, -0.5f, 1, -1})},
                                {Value::Of<float>({2}, {0.5f, 2})}));
  EXPECT_EQ("", CheckEverywhere("Positive", offset(), {Value::Of<float>({0}, {})}, {Value::Of<float>({0}, {})}));
  EXPECT_EQ(
      "attribute 'offset' is a tensor of f32, expected f64",
      RunError("Positive", AttributeSet().Tensor("offset", Value::Of<float>({1}, {1})), {Value::Of<float>({0}, {})}));
  EXPECT_EQ("Positive: got 2 inputs, expected 1",
            RunError("Positive", AttributeSet(), {Value::Of<float>({0}, {}), Value::Of<float>({0}, {})}));
}

TEST(Testkit, CancelledAndThrowing) {
  Options options;
  options.cancelled = true;
  EXPECT_EQ(LAMINA_CANCELLED, RunLayer("Positive", AttributeSet(), {Value::Of<float>({0}, {})}, options).code);
  const Value x = Value::Of<float>({1}, {1});
  EXPECT_EQ("the layer threw something that is not a std::exception", RunError("Thrower", AttributeSet(), {x}));
  EXPECT_EQ("by name", RunError("Thrower", AttributeSet().Int("what", 1), {x}));
  EXPECT_EQ("in a part", RunError("Thrower", AttributeSet().Int("what", 2), {x}));
  EXPECT_EQ("attribute 'what': 8589934592 is out of range",
            RunError("Thrower", AttributeSet().Int("what", int64_t{1} << 33), {x}));
  EXPECT_EQ("attribute 'list': 8589934592 is out of range",
            RunError("Thrower", AttributeSet().Ints("list", {1, int64_t{1} << 33}), {x}));
}

TEST(Testkit, SeesWritesBeyondTheEnd) {
  EXPECT_EQ("output 0 was written beyond its ends",
            RunError("Overwriter", AttributeSet(), {Value::Of<float>({2}, {1, 2})}));
}

TEST(Testkit, SeesEveryBitOfWideIntegers) {
  EXPECT_EQ("element 0 of u64[1] is 18446744073709551614, expected 18446744073709551615",
            Difference(Value::Of<uint64_t>({1}, {~uint64_t{1}}), Value::Of<uint64_t>({1}, {~uint64_t{0}})));
  EXPECT_EQ("element 0 of i64[1] is 9223372036854775806, expected 9223372036854775807",
            Difference(Value::Of<int64_t>({1}, {INT64_MAX - 1}), Value::Of<int64_t>({1}, {INT64_MAX})));
}

TEST(Testkit, ShapesBeforeTheyAreKnown) {
  Value x = Value::Of<float>({}, {});
  x.dims = {-1, 3};
  const AttributeSet none;
  EXPECT_EQ((std::vector<int64_t>{-1, 3}),
            PreparedLayer(FindLayer(lamina_library, "LeakyRelu"), none).Infer({x}).outputs.at(0).dims);
  x.dims = kUnknownRank;
  EXPECT_EQ(kUnknownRank, PreparedLayer(FindLayer(lamina_library, "LeakyRelu"), none).Infer({x}).outputs.at(0).dims);
}

TEST(Testkit, RefusesALibraryThatHostsWouldRefuse) {
  const lamina_layer& layer = FindLayer(lamina_library, "LeakyRelu");
  const lamina_layer* const twice[] = {&layer, &layer};
  lamina_library_table library = lamina_library;
  library.begin = twice;
  library.end = twice + 2;
  try {
    FindLayer(library, "LeakyRelu");
    FAIL() << "it was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ("no host takes this library: two layers are named 'LeakyRelu'; give one of them another name, .Name(...)",
                 error.what());
  }
}

TEST(Example, SaysWhereItIsWrong) {
  const lamina_layer& layer = FindLayer(lamina_library, "LeakyRelu");
  EXPECT_THROW(ParseExample("x=f32[2]{1} -> y=f32[1]{1}", layer), std::invalid_argument);
  EXPECT_THROW(ParseExample("x=f32[1]{a} -> y=f32[1]{1}", layer), std::invalid_argument);
  EXPECT_THROW(ParseExample("x=f32[1]{1}", layer), std::invalid_argument);
  const Example example =
      ParseExample("k=[1, 2] s=\"a b\" t=[\"q\"] e=ints[] f=nan x=i64[1]{-9} -> y=bool[1]{1}", layer);
  EXPECT_EQ(5u, example.attributes.view().size());
  EXPECT_EQ(-9, example.inputs.at(0).As<int64_t>()[0]);
}

TEST(Output, IsNotWrittenIfNobodyReadsIt) {
  const lamina_call call{};
  const Out<float> y(&call, 0);
  EXPECT_FALSE(y.present());
  EXPECT_THROW(y[0] = 1, Error);
  EXPECT_THROW(y.data(), Error);
}

}  // namespace
}  // namespace lamina::testkit
