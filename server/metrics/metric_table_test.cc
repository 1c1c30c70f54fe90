#include "server/metrics/metric_table.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace lamina::server {
namespace {

TEST(MetricTableTest, EachNameIsThereOnceWithASentence) {
  std::set<std::string_view> names;
  for (const Metric& metric : kMetrics) {
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_TRUE(metric.help.ends_with('.')) << metric.name;
    EXPECT_FALSE(metric.unit.empty()) << metric.name;
  }
}

TEST(MetricTableTest, ThePageIsCurrent) {
  if (std::getenv("LAMINA_WRITE_PAGES") != nullptr) std::ofstream(LAMINA_METRICS_PAGE) << MetricsPage();
  std::ifstream file(LAMINA_METRICS_PAGE);
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(page, MetricsPage()) << "run scripts/metrics_page.sh";
}

}  // namespace
}  // namespace lamina::server
