#include "extension/forest/workspace.h"

#include <gtest/gtest.h>

#include "extension/testing/failing_new.h"

namespace lamina::forest {
namespace {

TEST(Workspace, IsMadeOnceAndLentAgain) {
  WorkspacePool pool;
  int made = 0;
  const auto prepare = [&](uint8_t* memory) { memory[0] = static_cast<uint8_t>(++made); };
  {
    const auto first = pool.Borrow(64, prepare), second = pool.Borrow(64, prepare);
    EXPECT_EQ(first.bytes()[0], 1);
    EXPECT_EQ(second.bytes()[0], 2);
  }
  const auto again = pool.Borrow(64, prepare), other = pool.Borrow(64, prepare);
  EXPECT_EQ(made, 2);
}

TEST(Workspace, IsGivenBackWhereThereIsNoMemory) {
  WorkspacePool pool;
  int made = 0;
  const auto prepare = [&](uint8_t*) { ++made; };
  {
    const auto loan = pool.Borrow(64, prepare);
    testing::allocations_left = 0;
  }
  testing::allocations_left = testing::kAll;
  const auto again = pool.Borrow(64, prepare);
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace lamina::forest
