// The notation of examples: "alpha=0.5 x=f32[3]{-1,0,2} -> y=f32[3]{-0.5,0,2}".
//
// Before the arrow attributes and inputs, after it outputs, in any order, each name=value, separated by blanks.
//   name=1  name=0.5  name="text"        an int, a float (it has a dot, an exponent, nan or inf), a string
//   name=[1,2]  name=[0.5]  name=["a"]   lists of them; name=ints[] name=floats[] name=strings[] are empty ones
//   name=f32[2,1]{0.5,nan}               a tensor: type, dimensions, elements; "text" elements for string
// A tensor before the arrow is an input if the layer has one of that name, else an attribute.
#ifndef LAMINA_SDK_TESTKIT_EXAMPLE_H_
#define LAMINA_SDK_TESTKIT_EXAMPLE_H_

#include <string>
#include <vector>

#include "sdk/testkit/attributes.h"

namespace lamina::testkit {

struct Example {
  AttributeSet attributes;
  std::vector<Value> inputs;   // in the order of the layer's ports, absent where the text gives none
  std::vector<Value> outputs;  // in the order written
};

/// Throws std::invalid_argument that says where the text is wrong.
Example ParseExample(const std::string& text, const lamina_layer& layer);

}  // namespace lamina::testkit

#endif  // LAMINA_SDK_TESTKIT_EXAMPLE_H_
