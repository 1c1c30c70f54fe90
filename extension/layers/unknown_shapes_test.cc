// Infer is asked before shapes are known: of every layer's examples any part may be missing.
#include <gtest/gtest.h>
#include <lamina/layer.h>

#include <string>

#include "extension/layers/testing.h"
#include "sdk/testkit/example.h"

namespace lamina::testkit {
namespace {

/// In how many ways an input's shape is known, or not: whole, all but the first or the last dimension, the rank alone,
/// nothing.
constexpr int kWays = 5;

Value Known(Value value, int way) {
  if (value.absent || way == 0) return value;
  if (way == 4) value.dims = kUnknownRank;
  for (size_t i = 0; i < value.dims.size() && way < 4; ++i) {
    if (way == 3 || i == (way == 1 ? 0 : value.dims.size() - 1)) value.dims[i] = -1;
  }
  return value;
}

bool Allows(const Value& inferred, const Value& given) {
  if (inferred.type != given.type) return false;
  if (inferred.dims == kUnknownRank) return true;
  if (inferred.dims.size() != given.dims.size()) return false;
  for (size_t i = 0; i < given.dims.size(); ++i) {
    if (inferred.dims[i] != -1 && inferred.dims[i] != given.dims[i]) return false;
  }
  return true;
}

/// `ways` has a digit for each input.
void Check(const PreparedLayer& prepared, const Example& example, int ways, const std::string& name) {
  std::vector<Value> inputs;
  std::string told = name + " of";
  for (const Value& input : example.inputs) {
    inputs.push_back(Known(input, ways % kWays));
    told += " " + std::to_string(ways % kWays);
    ways /= kWays;
  }
  const Outcome got = prepared.Infer(inputs);
  ASSERT_EQ("", got.error) << told;
  for (size_t i = 0; i < example.outputs.size(); ++i)
    ASSERT_TRUE(Allows(got.outputs.at(i), example.outputs[i])) << told << ": output " << i;
}

TEST(UnknownShapes, WhatInferSaysOfThemIsNotWrong) {
  for (const lamina_layer* const* layer = lamina_library.begin; layer != lamina_library.end; ++layer) {
    for (uint32_t k = 0; k < (*layer)->example_count; ++k) {
      const Example example = ParseExample((*layer)->examples[k], **layer);
      int all = 1;
      for (size_t i = 0; i < example.inputs.size(); ++i) all *= kWays;
      for (const bool constant : {false, true}) {
        Options options;
        options.constant_inputs = constant;
        options.output_count = example.outputs.size();
        const PreparedLayer prepared(**layer, example.attributes, example.inputs.size(), options);
        for (int ways = 0; ways < all; ++ways) Check(prepared, example, ways, (*layer)->examples[k]);
      }
    }
  }
}

}  // namespace
}  // namespace lamina::testkit
