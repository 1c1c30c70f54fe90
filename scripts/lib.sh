# Shared by the project's shell scripts: how they speak, and how they run what is long.

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# watch_log LOG: the log's last line, on a terminal every second in one place, else every half minute on a line of its own.
watch_log() {
  local started=$SECONDS told=$SECONDS line
  while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    line=$(tail -c 4000 "$1" 2>/dev/null | tr '\r' '\n' | grep -av '^ *$' | tail -n 1) || continue
    if [ -t 1 ]; then
      printf '\r\033[K    %d s: %.*s' $((SECONDS - started)) $((${COLUMNS:-80} - 16)) "$line"
    elif [ $((SECONDS - told)) -ge 30 ]; then
      told=$SECONDS
      printf '    %d s: %.100s\n' $((SECONDS - started)) "$line"
    fi
  done
}

# logged NAME COMMAND...: runs it with its output in build/log/NAME.log, whose last line shows how far it is; the end of
# the log is shown if the command fails.
logged() {
  local log=build/log/$1.log watcher status=0
  shift
  mkdir -p build/log
  : > "$log"
  watch_log "$log" &
  watcher=$!
  "$@" > "$log" 2>&1 || status=$?
  kill $watcher 2>/dev/null || true
  wait $watcher 2>/dev/null || true
  [ ! -t 1 ] || printf '\r\033[K'
  [ $status = 0 ] && return
  tail -n 40 "$log" >&2
  die "'$*' failed; all it said is in $log"
}

# build_preset PRESET [TARGET...]: configures and builds, telling how long it took.
build_preset() {
  local preset=$1 started=$SECONDS
  shift
  if [ -f "build/$preset/build.ninja" ]; then
    say "building the $preset preset in build/$preset: what has changed"
  else
    say "building the $preset preset in build/$preset: the first time takes long, 10 to 30 minutes on 2 cores"
  fi
  logged "configure-$preset" cmake --preset "$preset"
  logged "build-$preset" cmake --build "build/$preset" ${1:+--target "$@"}
  say "built in $((SECONDS - started)) s"
}
