# Shared by the project's shell scripts: how they speak, and how they run what is long.

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# logged NAME COMMAND...: runs it with its output in build/log/NAME.log, which is shown if it fails.
logged() {
  local log=build/log/$1.log
  shift
  mkdir -p build/log
  if ! "$@" > "$log" 2>&1; then
    tail -n 40 "$log" >&2
    die "'$*' failed; all it said is in $log"
  fi
}

# build_preset PRESET [TARGET...]: configures and builds, telling how long it took.
build_preset() {
  local preset=$1 started=$SECONDS
  shift
  say "building the $preset preset in build/$preset (the first time takes some minutes)"
  logged "configure-$preset" cmake --preset "$preset"
  logged "build-$preset" cmake --build "build/$preset" ${1:+--target "$@"}
  say "built in $((SECONDS - started)) s"
}
