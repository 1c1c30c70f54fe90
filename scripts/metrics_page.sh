#!/usr/bin/env bash
# Writes docs/metrics.md from the table of the metrics.
set -euo pipefail
cd "$(dirname "$0")/.."
LAMINA_WRITE_PAGES=1 "${LAMINA_BUILD:-build/release}/bin/server_metrics_test" --gtest_filter='MetricTableTest.ThePageIsCurrent'
