#include "server/metrics/statistics_table.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

TEST(StatisticsTableTest, OneForEachVersionWhileItIsThere) {
  StatisticsTable table;
  auto first = table.Of("m", 1);
  EXPECT_EQ(table.Of("m", 1), first);
  EXPECT_NE(table.Of("m", 2), first);
  EXPECT_NE(table.Of("n", 1), first);
  first->CountCall({}, true);
  first.reset();
  EXPECT_EQ(table.Of("m", 1)->Totals().requests[0][0][1], 0u) << "a new beginning";
}

}  // namespace
}  // namespace lamina::server
