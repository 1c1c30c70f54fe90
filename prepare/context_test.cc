#include "prepare/context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::ElementsAre;

TEST(ContextTest, ChangesAreCountedByKindInTheOrderOfTheFirst) {
  TestModel model;
  const Layers layers({});
  Context context(model.model(), layers);
  onnx::Node a = MakeNode("A", {}, {"a"}), b = MakeNode("B", {}, {"b"}), mine = MakeNode("A", {}, {"c"});
  mine.set_domain("my");
  for (const onnx::Node* node : {&b, &a, &mine, &b}) context.Changed(*node, "gone");
  context.Changed(b, "turned");
  context.Warn(b, "gone");
  a.set_domain("ai.onnx");
  context.Changed(a, "gone");
  EXPECT_THAT(context.report.Lines(), ElementsAre("B (2 nodes): gone", "A (2 nodes): gone", "my.A (1 node): gone",
                                                  "B (1 node): turned", "warning: B (1 node): gone"));
}

TEST(ContextTest, ADomainIsImportedOnce) {
  TestModel model;
  model.model().mutable_opset_import(0)->set_domain("ai.onnx");
  const Layers layers({});
  Context context(model.model(), layers);
  EXPECT_EQ(context.ImportedVersion("my"), 0);
  for (const int64_t version : {3, 4}) {
    context.Import("my", version);
    context.Import("", version);
  }
  EXPECT_EQ(context.ImportedVersion("my"), 3);
  EXPECT_EQ(context.ImportedVersion(""), 18);
  ASSERT_EQ(model.model().opset_import_size(), 2);
  EXPECT_EQ(model.model().opset_import(1).domain(), "my");
  EXPECT_EQ(model.model().opset_import(1).version(), 3);
}

}  // namespace
}  // namespace lamina::prepare
