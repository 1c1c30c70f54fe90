#!/usr/bin/env bash
# Installs, builds and runs the tests: unit tests (ctest), then end-to-end tests with real clients (pytest).
#   ./test.sh                 the release build's tests
#   ./test.sh --sanitizers    the unit tests under ASan+UBSan, then under TSan, instead
set -euo pipefail
cd "$(dirname "$0")"
source scripts/lib.sh

unit_tests() {
  say "unit tests of the $1 preset"
  ctest --test-dir "build/$1" --output-on-failure --no-tests=error -j "$(nproc)"
}

case "${1:-}" in
  '') ;;
  --sanitizers)
    scripts/setup.sh
    for preset in asan tsan; do
      build_preset "$preset"
      unit_tests "$preset"
    done
    exit 0 ;;
  -h|--help) sed -n '2,4s/^# \?//p' "$0"; exit 0 ;;
  *) die "unknown option '$1'; there are --sanitizers and --help" ;;
esac

scripts/setup.sh
build_preset release
unit_tests release
say "end-to-end tests"
build/venv/bin/python -m pytest -q tests bench
