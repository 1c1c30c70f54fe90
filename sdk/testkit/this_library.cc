// The functions that take a layer by name: of the table that the program or library at hand has.
#include "sdk/testkit/testkit.h"

extern "C" {
extern const lamina_library_table lamina_library;  // of the program or library that the test kit is linked with
}

namespace lamina::testkit {

Outcome RunLayer(const std::string& layer, const AttributeSet& attributes, const std::vector<Value>& inputs,
            const Options& options) {
  return RunLayer(FindLayer(lamina_library, layer), attributes, inputs, options);
}

std::string CheckEverywhere(const std::string& layer, const AttributeSet& attributes, const std::vector<Value>& inputs,
                            const std::vector<Value>& expected, double atol, double rtol) {
  return CheckEverywhere(FindLayer(lamina_library, layer), attributes, inputs, expected, atol, rtol);
}

}  // namespace lamina::testkit
