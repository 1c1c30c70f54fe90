# Remembers what the tests last passed on, so that nobody waits for an answer that is known. Sourced by test.sh.

tests_passed=build/release/tests_passed

# state_of_tests: one hash over all that a test's result can hang on: the sources and tests, the built programs, the Debian
# and Python packages, the CPU, and the variables that our programs read.
state_of_tests() {
  {
    find . \( -path ./build -o -path ./.git -o -name __pycache__ -o -name .pytest_cache \) -prune -o -type f -print0 |
      sort -z | xargs -0 sha256sum
    find build/release/bin build/release/lib -type f -print0 | sort -z | xargs -0 sha256sum
    ls build/venv/lib/python3*/site-packages
    dpkg-query -W
    sed -n '/^flags/{p;q}' /proc/cpuinfo
    env | sed -nE '/^(LAMINA|CPU_EXTENSION|OV|TBB)/p' | sort
  } | sha256sum | cut -d ' ' -f 1
}

# passed_before STATE: whether every test passed in that state; then says so, and when.
passed_before() {
  [ -f $tests_passed ] && [ "$(head -n 1 $tests_passed)" = "$1" ] || return 1
  say "nothing has changed since all tests passed: sources, programs, packages, CPU; ./test.sh --again runs them again"
  tail -n +2 $tests_passed
}

# remember_passed STATE LOG...: the state, and the last line of each log.
remember_passed() {
  {
    echo "$1"
    shift
    echo "    on $(date '+%F at %T'):"
    for log in "$@"; do grep -E '^[0-9]+% tests passed|^=* *[0-9]+ passed' "$log" | sed 's/^=* */    /; s/ *=*$//'; done
  } > $tests_passed
}
