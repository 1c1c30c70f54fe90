// The layers that move elements of any type: every element size, strings, 64 bits whole.
#include "extension/layers/moving.h"

#include <functional>
#include <limits>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

const AttributeSet kNone;
constexpr int64_t kWide = int64_t{1} << 40;

Value Ints64(const std::vector<int64_t>& values) {
  return Value::Of<int64_t>({static_cast<int64_t>(values.size())}, values);
}

/// Runs the check with tensors of each element size made of the same small numbers.
void ForEveryType(
    const std::function<void(std::function<Value(std::vector<int64_t>, const std::vector<int64_t>&)>)>& check) {
  check([](std::vector<int64_t> dims, const std::vector<int64_t>& v) {
    return Value::Of<uint8_t>(std::move(dims), Converted<uint8_t>(v));
  });
  check([](std::vector<int64_t> dims, const std::vector<int64_t>& v) {
    return Value::Of<int16_t>(std::move(dims), Converted<int16_t>(v));
  });
  check([](std::vector<int64_t> dims, const std::vector<int64_t>& v) {
    return Value::Of<float>(std::move(dims), Converted<float>(v));
  });
  check([](std::vector<int64_t> dims, const std::vector<int64_t>& v) {
    return Value::Of<double>(std::move(dims), Converted<double>(v));
  });
  check([](std::vector<int64_t> dims, const std::vector<int64_t>& v) {
    std::vector<int64_t> wide = v;
    for (int64_t& value : wide) value += kWide;
    return Value::Of<int64_t>(std::move(dims), wide);
  });
  check([](std::vector<int64_t> dims, const std::vector<int64_t>& v) {
    std::vector<std::string> strings;
    for (const int64_t value : v) strings.push_back("string number " + std::to_string(value));
    return Value::Strings(std::move(dims), strings);
  });
}

TEST(Moving, EveryLayerMovesEveryType) {
  ForEveryType([](const auto& of) {
    const Value x = of({2, 3}, {1, 2, 3, 4, 5, 6});
    EXPECT_EQ("", CheckEverywhere("Identity", kNone, {x}, {x}));
    EXPECT_EQ("",
              CheckEverywhere("Slice", kNone, {x, Ints64({-1, 0}), Ints64({-100, 2}), Ints64({0, 1}), Ints64({-1, 1})},
                              {of({2, 2}, {4, 5, 1, 2})}));
    EXPECT_EQ("",
              CheckEverywhere("Tile", kNone, {x, Ints64({1, 2})}, {of({2, 6}, {1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6})}));
    EXPECT_EQ("", CheckEverywhere("Expand", kNone, {of({2, 1}, {1, 2}), Ints64({3, 1, 2})},
                                  {of({3, 2, 2}, {1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2})}));
    EXPECT_EQ("", CheckEverywhere("Concat", std::move(AttributeSet().Int("axis", 1)), {x, of({2, 1}, {7, 8})},
                                  {of({2, 4}, {1, 2, 3, 7, 4, 5, 6, 8})}));
    EXPECT_EQ("", CheckEverywhere("Gather", std::move(AttributeSet().Int("axis", -1)),
                                  {x, Value::Of<int32_t>({2, 1}, {2, -3})}, {of({2, 2, 1}, {3, 1, 6, 4})}));
    EXPECT_EQ("", CheckEverywhere("GatherElements", std::move(AttributeSet().Int("axis", 1)),
                                  {x, Rows<int64_t>(2, 2, {0, 2, -1, 1})}, {of({2, 2}, {1, 3, 6, 5})}));
    EXPECT_EQ("",
              CheckEverywhere("GatherND", kNone, {x, Rows<int64_t>(2, 1, {1, -2})}, {of({2, 3}, {4, 5, 6, 1, 2, 3})}));
    EXPECT_EQ("", CheckEverywhere("GatherND", std::move(AttributeSet().Int("batch_dims", 1)),
                                  {x, Rows<int64_t>(2, 1, {1, -1})}, {of({2}, {2, 6})}));
    EXPECT_EQ("",
              CheckEverywhere("ScatterElements", std::move(AttributeSet().Int("axis", 1)),
                              {x, Rows<int64_t>(2, 1, {0, -1}), of({2, 1}, {8, 9})}, {of({2, 3}, {8, 2, 3, 4, 5, 9})}));
    EXPECT_EQ("", CheckEverywhere("ScatterND", kNone, {x, Rows<int64_t>(2, 2, {0, 1, -1, -1}), of({2}, {8, 9})},
                                  {of({2, 3}, {1, 8, 3, 4, 5, 9})}));
    EXPECT_EQ("", CheckEverywhere("Compress", std::move(AttributeSet().Int("axis", 1)),
                                  {x, Value::Of<bool>({3}, {true, false, true})}, {of({2, 2}, {1, 3, 4, 6})}));
    EXPECT_EQ("", CheckEverywhere("Where", kNone, {Value::Of<bool>({3}, {true, false, true}), x, of({}, {0})},
                                  {of({2, 3}, {1, 0, 3, 4, 0, 6})}));
    const Value cut = of({2, 3}, {1, 2, 3, 4, 5, 6});
    EXPECT_EQ("", CheckEverywhere("Split", std::move(AttributeSet().Int("axis", 1)), {cut, Ints64({3})}, {cut}));
  });
}

TEST(Moving, SplitGivesEveryPart) {
  testkit::Options options;
  options.output_count = 2;
  const Outcome given =
      testkit::RunLayer("Split", std::move(AttributeSet().Int("axis", 1)),
                        {Value::Strings({2, 3}, {"a", "b", "c", "d", "e", "f"}), Ints64({1, 2})}, options);
  ASSERT_EQ("", given.error);
  EXPECT_EQ("", testkit::Difference(given.outputs.at(0), Value::Strings({2, 1}, {"a", "d"})));
  EXPECT_EQ("", testkit::Difference(given.outputs.at(1), Value::Strings({2, 2}, {"b", "c", "e", "f"})));
  const Outcome even = testkit::RunLayer("Split", kNone, {Ints64({1, 2, kWide})}, options);
  ASSERT_EQ("", even.error);
  EXPECT_EQ("", testkit::Difference(even.outputs.at(0), Ints64({1, 2})));
  EXPECT_EQ("", testkit::Difference(even.outputs.at(1), Ints64({kWide})));
  EXPECT_NE(std::string::npos, testkit::RunLayer("Split", kNone, {Ints64({1, 2}), Ints64({1, 2})}, options)
                                   .error.find("add up to 3, the dimension is 2"));
}

TEST(Moving, PadAddsAndTakesAway) {
  const auto pad = [](const char* mode, std::vector<int64_t> pads, std::vector<int64_t> y) {
    EXPECT_EQ("", CheckEverywhere("Pad", std::move(AttributeSet().String("mode", mode)),
                                  {Ints64({kWide, 2, 3}), Ints64(pads)}, {Ints64(y)}))
        << mode;
  };
  pad("constant", {1, 2}, {0, kWide, 2, 3, 0, 0});
  pad("edge", {1, 2}, {kWide, kWide, 2, 3, 3, 3});
  pad("reflect", {2, 3}, {3, 2, kWide, 2, 3, 2, kWide, 2});
  pad("wrap", {1, 4}, {3, kWide, 2, 3, kWide, 2, 3, kWide});
  pad("edge", {-1, 0}, {2, 3});
  EXPECT_EQ("",
            CheckEverywhere("Pad", kNone,
                            {Rows<double>(1, 1, {0.5}), Ints64({1, 0}), Value::Of<double>({1}, {0.1}), Ints64({-1})},
                            {Rows<double>(1, 2, {0.1, 0.5})}));
  EXPECT_FAILS("3 pads for 1 axes", "Pad", kNone, {Ints64({1}), Ints64({1, 2, 3})});
}

TEST(Moving, ScattersReduce) {
  const auto scatter = [](const char* reduction, std::vector<int64_t> y) {
    const AttributeSet attributes = std::move(AttributeSet().String("reduction", reduction));
    EXPECT_EQ("", CheckEverywhere("ScatterElements", attributes, {Ints64({kWide, 5}), Ints64({1, 1}), Ints64({3, 7})},
                                  {Ints64(y)}))
        << reduction;
    EXPECT_EQ("", CheckEverywhere("ScatterND", attributes,
                                  {Ints64({kWide, 5}), Rows<int64_t>(2, 1, {1, 1}), Ints64({3, 7})}, {Ints64(y)}))
        << reduction;
  };
  scatter("none", {kWide, 7});
  scatter("add", {kWide, 15});
  scatter("mul", {kWide, 105});
  scatter("max", {kWide, 7});
  scatter("min", {kWide, 3});
}

template <class T>
void ScatterOnTwo(const char* reduction, T update, T expected) {
  EXPECT_EQ("", CheckEverywhere("ScatterElements", std::move(AttributeSet().String("reduction", reduction)),
                                {Value::Of<T>({1}, {2}), Ints64({0}), Value::Of<T>({1}, {update})},
                                {Value::Of<T>({1}, {expected})}))
      << reduction << " of " << sizeof(T) << " bytes";
}

template <class T>
void ScatterNumbers() {
  ScatterOnTwo<T>("add", 7, 9);
  ScatterOnTwo<T>("mul", 3, 6);
  ScatterOnTwo<T>("max", 9, 9);
  ScatterOnTwo<T>("min", 1, 1);
}

TEST(Moving, ScattersReduceEveryNumber) {
  ScatterNumbers<float>();
  ScatterNumbers<double>();
  ScatterNumbers<int8_t>();
  ScatterNumbers<int16_t>();
  ScatterNumbers<int32_t>();
  ScatterNumbers<int64_t>();
  ScatterNumbers<uint8_t>();
  ScatterNumbers<uint16_t>();
  ScatterNumbers<uint32_t>();
  ScatterNumbers<uint64_t>();
  ScatterOnTwo<uint64_t>("max", uint64_t{1} << 63, uint64_t{1} << 63);  // above every i64
  ScatterOnTwo<int64_t>("add", INT64_MAX, INT64_MIN + 1);               // wraps around
  ScatterOnTwo<uint16_t>("mul", 65535, 65534);
  EXPECT_FAILS("the input is string; only f32, f64 and integers can be reduced", "ScatterElements",
               std::move(AttributeSet().String("reduction", "add")),
               {Value::Strings({1}, {"a"}), Ints64({0}), Value::Strings({1}, {"b"})});
}

TEST(Moving, IndexesAreChecked) {
  const Value x = Ints64({1, 2}), far = Ints64({2});
  EXPECT_FAILS("an index is 2, the dimension is 2", "Gather", kNone, {x, far});
  EXPECT_FAILS("an index is 2, the dimension is 2", "GatherElements", kNone, {x, far});
  EXPECT_FAILS("an index is 2, the dimension is 2", "GatherND", kNone, {x, Rows<int64_t>(1, 1, {2})});
  EXPECT_FAILS("an index is 2, the dimension is 2", "ScatterElements", kNone, {x, far, far});
  EXPECT_FAILS("an index is 2, the dimension is 2", "ScatterND", kNone, {x, Rows<int64_t>(1, 1, {2}), far});
  const AttributeSet axis = std::move(AttributeSet().Int("axis", 1));
  EXPECT_FAILS("axis is 1, the tensor has 1 dimensions", "Gather", axis, {x, far});
  EXPECT_FAILS("axis 0 is there twice", "Slice", kNone, {x, Ints64({0, 0}), Ints64({1, 1}), Ints64({0, -1})});
  EXPECT_FAILS("there are no inputs", "Concat", axis, {});
  EXPECT_FAILS("input 1 'x' is missing", "Concat", axis, {x, Value::Absent(), x});
  const Value one = Value::Of<int64_t>({}, {0}), narrow = Value::Of<int32_t>({1}, {7});
  EXPECT_FAILS("indices is a single number", "ScatterND", kNone, {x, one, far});
  EXPECT_FAILS("indices is a single number", "GatherND", kNone, {x, one});
  EXPECT_FAILS("x is i64 and updates i32", "ScatterND", kNone, {x, Rows<int64_t>(1, 1, {0}), narrow});
  EXPECT_FAILS("x is i64 and updates i32", "ScatterElements", kNone, {x, Ints64({0}), narrow});
  EXPECT_FAILS("x is i64 and constant_value i32", "Pad", kNone, {x, Ints64({1, 0}), narrow});
  EXPECT_FAILS("a step is 0", "Slice", kNone, {x, Ints64({0}), Ints64({1}), Ints64({0}), Ints64({0})});
  EXPECT_FAILS("the condition has 2 dimensions, expected 1", "Compress", kNone, {x, Value::Of<bool>({1, 1}, {true})});
  EXPECT_FAILS("expected one for each", "Tile", kNone, {x, Ints64({1, 1})});
}

TEST(Moving, NumbersBeyondSixtyFourBitsAreRefused) {
  const int64_t most = std::numeric_limits<int64_t>::max(), least = std::numeric_limits<int64_t>::min();
  EXPECT_FAILS("Tile: 2 times 9223372036854775807 is beyond 64 bits", "Tile", kNone, {Ints64({1, 2}), Ints64({most})});
  testkit::Options two;
  two.output_count = 2;
  EXPECT_EQ("Split: 9223372036854775807 and 9223372036854775807 together are beyond 64 bits",
            testkit::RunLayer("Split", kNone, {Ints64({1, 2}), Ints64({most, most})}, two).error);
  for (const int64_t pad : {most, least, int64_t{1} << 49})
    EXPECT_FAILS("Pad: pads has " + std::to_string(pad) + ", expected", "Pad", kNone, {Ints64({1}), Ints64({pad, 0})});
  EXPECT_FAILS("Pad: 2 elements are taken away from a dimension of 1", "Pad", kNone, {Ints64({1}), Ints64({-2, 0})});
  EXPECT_EQ("", CheckEverywhere(
                    "Slice", kNone,
                    {Rows<int64_t>(2, 2, {1, 2, 3, 4}), Ints64({-1}), Ints64({least}), Ints64({0}), Ints64({least})},
                    {Rows<int64_t>(1, 2, {3, 4})}));
}

/// Without elements a tensor may have any dimensions: nothing may take as long as they are great.
TEST(Moving, TensorsWithoutElementsTakeNoTime) {
  constexpr int64_t kGreat = int64_t{1} << 50;
  const auto none = [](std::vector<int64_t> dims) { return Value::Of<int64_t>(std::move(dims), {}); };
  const Value x = none({kGreat, 3, 0});
  const AttributeSet axis = std::move(AttributeSet().Int("axis", 1));
  EXPECT_EQ("", CheckEverywhere("Gather", axis, {x, Ints64({0, 2})}, {none({kGreat, 2, 0})}));
  EXPECT_EQ("", CheckEverywhere("GatherND", kNone, {x, none({kGreat, 0})}, {none({kGreat, kGreat, 3, 0})}));
  EXPECT_EQ("", CheckEverywhere("ScatterND", kNone, {x, none({kGreat, 0}), none({kGreat, kGreat, 3, 0})}, {x}));
  EXPECT_EQ("", CheckEverywhere("Concat", axis, {x, x}, {none({kGreat, 6, 0})}));
  EXPECT_EQ("", CheckEverywhere("Split", axis, {x, Ints64({1, 2})}, {none({kGreat, 1, 0}), none({kGreat, 2, 0})}));
  EXPECT_EQ("",
            CheckEverywhere("Compress", axis, {x, Value::Of<bool>({3}, {true, false, true})}, {none({kGreat, 2, 0})}));
  EXPECT_EQ("", CheckEverywhere("Slice", kNone, {x, Ints64({1}), Ints64({3}), Ints64({1})}, {none({kGreat, 2, 0})}));
  const Value a = Value::Of<float>({kGreat, 0}, {}), b = Value::Of<float>({0, 0}, {});
  EXPECT_EQ("", CheckEverywhere("CDist", kNone, {a, b}, {a}));
  EXPECT_EQ("", CheckEverywhere("CastMap", kNone, {a}, {a}));
  EXPECT_EQ("", CheckEverywhere("FeatureVectorizer", std::move(AttributeSet().Ints("inputdimensions", {0})), {a}, {a}));
}

TEST(Moving, AbsKeepsAllBits) {
  EXPECT_EQ("",
            CheckEverywhere("Abs", kNone, {Ints64({-kWide, kWide, INT64_MIN})}, {Ints64({kWide, kWide, INT64_MIN})}));
  EXPECT_EQ("", CheckEverywhere("Abs", kNone, {Value::Of<int32_t>({2}, {-2147483647, 3})},
                                {Value::Of<int32_t>({2}, {2147483647, 3})}));
  EXPECT_EQ("", CheckEverywhere("Abs", kNone, {Value::Of<double>({2}, {-0.1, 3})}, {Value::Of<double>({2}, {0.1, 3})}));
}

TEST(Moving, ModHasTheSignThatIsAsked) {
  EXPECT_EQ("", CheckEverywhere("Mod", kNone, {Ints64({-7, 7, -8, kWide + 5, INT64_MIN}), Ints64({3, -3, 5, 16, -1})},
                                {Ints64({2, -2, 2, 5, 0})}));
  const AttributeSet c = std::move(AttributeSet().Int("fmod", 1));
  EXPECT_EQ("", CheckEverywhere("Mod", c, {Ints64({-7, 7}), Ints64({3, -3})}, {Ints64({-1, 1})}));
  EXPECT_EQ("", CheckEverywhere("Mod", c, {Value::Of<double>({2}, {-5.5, 5.5}), Value::Of<double>({1}, {2})},
                                {Value::Of<double>({2}, {-1.5, 1.5})}));
  EXPECT_EQ("", CheckEverywhere("Mod", kNone,
                                {Value::Of<uint32_t>({1}, {4000000000u}), Value::Of<uint32_t>({1}, {4294967295u})},
                                {Value::Of<uint32_t>({1}, {4000000000u})}));
  EXPECT_FAILS("division by 0", "Mod", kNone, {Ints64({1}), Ints64({0})});
  EXPECT_FAILS("which needs fmod=1", "Mod", kNone, {Value::Of<float>({1}, {1}), Value::Of<float>({1}, {1})});
}

}  // namespace
}  // namespace lamina::layers
