// Runs a layer without OpenVINO: what a layer's test is written with.
//
//   TEST(LeakyRelu, Halves) {
//     const Outcome got = RunLayer("LeakyRelu", AttributeSet().Float("alpha", 0.5f), {Value::Of<float>({2}, {-1, 3})});
//     EXPECT_EQ("", Difference(got.outputs.at(0), Value::Of<float>({2}, {-0.5f, 3})));
//   }
#ifndef LAMINA_SDK_TESTKIT_TESTKIT_H_
#define LAMINA_SDK_TESTKIT_TESTKIT_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sdk/testkit/attributes.h"

namespace lamina::testkit {

/// What running a layer gave: outputs, or an error that is not empty.
struct Outcome {
  std::vector<Value> outputs;
  std::string error;
  int32_t code = LAMINA_OK;
};

struct Options {
  int32_t isa = -1;           // the best instruction set that the layer is told it may use; -1: the machine's
  size_t threads = 2;         // that ParallelFor uses
  bool unaligned = false;     // inputs and outputs lie one element past a 64-byte boundary
  size_t output_count = 0;    // outputs that are asked for; 0: all that are declared (a variadic port: one)
  bool cancelled = false;
  bool constant_inputs = false;  // Infer sees the inputs' values
};

/// What Infer is told and says of a shape of which not even the rank is known.
inline const std::vector<int64_t> kUnknownRank = {-2};

/// A layer of the table by name; throws std::out_of_range naming those there are, and std::invalid_argument if hosts
/// would refuse the table for what its layers declare.
const lamina_layer& FindLayer(const lamina_library_table& library, const std::string& name);

/// One node, prepared once; Run may be called by several threads.
class PreparedLayer {
 public:
  /// Checks the attributes as every host does and calls create; what went wrong is in error().
  PreparedLayer(const lamina_layer& layer, const AttributeSet& attributes, size_t input_count = 1,
                const Options& options = {});
  ~PreparedLayer();
  PreparedLayer(const PreparedLayer&) = delete;

  const std::string& error() const { return error_; }
  /// Infers, then computes. Also checks the layer: a shape that Infer gave must not be contradicted later.
  Outcome Run(const std::vector<Value>& inputs) const;
  /// What Infer says if only types and these dimensions (-1: not known; or kUnknownRank) are known.
  Outcome Infer(const std::vector<Value>& inputs) const;

 private:
  const lamina_layer& layer_;
  Options options_;
  void* state_ = nullptr;
  std::string error_;
  int32_t code_ = LAMINA_OK;
};

/// Prepares and runs a layer of this program's own table (of the library that the test is linked with).
Outcome RunLayer(const std::string& layer, const AttributeSet& attributes, const std::vector<Value>& inputs,
            const Options& options = {});
Outcome RunLayer(const lamina_layer& layer, const AttributeSet& attributes, const std::vector<Value>& inputs,
            const Options& options = {});

/// Called before each instruction set's turn: a library that dispatches by itself (Highway's dynamic dispatch) sets
/// here what makes it use just that one.
inline std::function<void(int32_t isa)> on_isa;

/// Calls the test once for every instruction set that this machine has, lowest first; says on the console which could
/// not be run here.
void ForEachIsa(const std::function<void(int32_t isa)>& test);

/// Runs every input set under all conditions that a host may bring about (aligned or not, one thread or several, four
/// calls at once, each instruction set) and compares with what is expected. Empty, or what differed and when.
std::string CheckEverywhere(const std::string& layer, const AttributeSet& attributes, const std::vector<Value>& inputs,
                            const std::vector<Value>& expected, double atol = 0, double rtol = 0);
std::string CheckEverywhere(const lamina_layer& layer, const AttributeSet& attributes, const std::vector<Value>& inputs,
                            const std::vector<Value>& expected, double atol = 0, double rtol = 0);

/// Runs one of a layer's own examples; empty, or which it is and how it fails. isa: as in Options.
std::string CheckExample(const lamina_layer& layer, uint32_t index, int32_t isa = -1);
/// Runs them all; empty, or the first that fails and how.
std::string CheckExamples(const lamina_layer& layer, int32_t isa = -1);

}  // namespace lamina::testkit

#endif  // LAMINA_SDK_TESTKIT_TESTKIT_H_
