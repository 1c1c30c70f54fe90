// Every layer of the library runs its own examples; no layer is without one.
#include <gtest/gtest.h>
#include <lamina/layer.h>

#include <set>
#include <string>

#include "sdk/testkit/testkit.h"

namespace lamina::testkit {
namespace {

TEST(Examples, EveryLayerKeepsItsPromises) {
  for (const lamina_layer* const* layer = lamina_library.begin; layer != lamina_library.end; ++layer) {
    EXPECT_GT((*layer)->example_count, 0u) << (*layer)->name;
    EXPECT_EQ("", CheckExamples(**layer)) << (*layer)->name;
  }
}

TEST(Examples, NamesAndBindingsAreUnique) {
  std::set<std::string> seen;
  for (const lamina_layer* const* layer = lamina_library.begin; layer != lamina_library.end; ++layer) {
    EXPECT_TRUE(seen.insert((*layer)->name).second) << (*layer)->name;
    EXPECT_GT((*layer)->binding_count, 0u) << (*layer)->name;
    for (uint32_t i = 0; i < (*layer)->binding_count; ++i) {
      const lamina_binding& binding = (*layer)->bindings[i];
      EXPECT_TRUE(seen.insert(std::string(binding.domain) + "." + binding.operator_name + "@").second)
          << (*layer)->name << " takes " << binding.domain << "." << binding.operator_name << ", as another layer does";
    }
  }
}

}  // namespace
}  // namespace lamina::testkit
