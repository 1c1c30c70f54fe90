#!/usr/bin/env bash
# Installs, builds and runs the tests: unit tests (ctest), then end-to-end tests with real clients (pytest).
#   ./test.sh                 the release build's tests; where nothing has changed since all passed, it says so instead
#   ./test.sh --again         runs them in any case
#   ./test.sh --sanitizers    instead, under ASan+UBSan and then under TSan: the unit tests, and the server with real clients
#   ./test.sh --clients       instead: clients in Go, Java, JavaScript and C++, ghz, h2load and h2spec, of the real server
set -euo pipefail
cd "$(dirname "$0")"
source scripts/lib.sh
source scripts/tested.sh

# unit_tests PRESET: what they say is in build/log/unit-tests-PRESET.log, too.
unit_tests() {
  say "unit tests of the $1 preset"
  ctest --test-dir "build/$1" --output-on-failure --no-tests=error -j "$(nproc)" 2>&1 | tee "build/log/unit-tests-$1.log"
}

# sanitized PRESET: the unit tests, then real clients of a server, both built with the preset's sanitizers, whose reports fail
# the tests.
sanitized() {
  local environment
  build_preset "$1"
  unit_tests "$1"
  say "end-to-end tests of the $1 preset's server"
  mapfile -t environment < <(grep '^[A-Z]' "build/$1/sanitizers.env")
  env "${environment[@]}" LAMINA_BIN="$PWD/build/$1/bin" build/venv/bin/python -u -m pytest -q -rs tests/e2e 2>&1 |
    tee "build/log/end-to-end-tests-$1.log"
}

# Two processes; a file's tests are one's, which tests/conftest.py sees to.
in_parallel='-n 2 --dist loadscope --no-loadscope-reorder'

again=''
case "${1:-}" in
  '') ;;
  --again) again=yes ;;
  --sanitizers)
    scripts/setup.sh
    say "ASan+UBSan, then TSan: each builds all, some 30 minutes on 2 cores the first time, and runs its tests in 15"
    for preset in asan tsan; do sanitized "$preset"; done
    say "no sanitizer has anything to report"
    exit 0 ;;
  --clients)
    scripts/setup.sh --clients
    build_preset release
    say "clients in other languages: some minutes the first time; they are built from their registries' packages"
    build/venv/bin/python -u -m pytest -q -rs tests/clients 2>&1 | tee build/log/clients-tests.log
    exit 0 ;;
  -h|--help) sed -n '2,6s/^# \?//p' "$0"; exit 0 ;;
  *) die "unknown option '$1'; there are --again, --sanitizers, --clients and --help" ;;
esac

scripts/setup.sh
build_preset release
state=$(state_of_tests)
[ -n "$again" ] || ! passed_before "$state" || exit 0
rm -f $tests_passed
unit_tests release
say "end-to-end tests: some minutes, in two processes; models are trained, libraries compiled, servers started"
build/venv/bin/python -u -m pytest -q -rs $in_parallel tests bench --ignore tests/clients 2>&1 | tee build/log/end-to-end-tests.log
remember_passed "$state" build/log/unit-tests-release.log build/log/end-to-end-tests.log
say "all tests passed"
