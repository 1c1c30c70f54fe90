#!/usr/bin/env bash
# Builds the library cpu_extension and every example from the installed SDK, for this machine's CPU or for another one, and
# proves the libraries that this machine can run by their own examples.
#
#   build_samples.sh                              the default libraries: cpu_extension chooses at run time
#   build_samples.sh -DENABLE_NATIVE=ON           for this machine's CPU, detected
#   build_samples.sh -DENABLE_SSE42=ON            for a CPU without AVX2
#   build_samples.sh -DENABLE_AVX2=ON -DENABLE_AVX512F=ON     two libraries of each, by those names
#   build_samples.sh my_layer -DENABLE_AVX2=ON    only what is named
#
# Other arguments that begin with -D go to CMake as well. The environment may say:
#   BUILD_DIR      where to build; default ./lamina_samples_build
#   OpenVINO_DIR   the folder of OpenVINOConfig.cmake; by default that of the openvino package of python3
#   CXX            the compiler
#
# Needed: a C++20 compiler, CMake 3.25, make; for cpu_extension also libhwy-dev and OpenVINO's headers (its PyPI wheel has
# them).
set -euo pipefail

die() { printf 'error: %s\n' "$*" >&2; exit 1; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=$here/../src
wanted=() flags=()

# flag ARGUMENT: keeps a -D...; a misspelt ENABLE_ would be ignored by CMake, and the wrong libraries built.
flag() {
  local name=${1#-D} value=${1#*=}
  name=${name%%[=:]*}
  case "$name" in
    ENABLE_SSE42|ENABLE_AVX2|ENABLE_AVX512F|ENABLE_NATIVE)
      case "$value" in ON|OFF) ;; *) die "'$1': say -D$name=ON or -D$name=OFF" ;; esac ;;
    ENABLE_*) die "unknown flag '$1'; there are -DENABLE_SSE42=ON, -DENABLE_AVX2=ON, -DENABLE_AVX512F=ON and -DENABLE_NATIVE=ON" ;;
  esac
  flags+=("$1")
}

for argument in "$@"; do
  case "$argument" in
    -D*) flag "$argument" ;;
    -h|--help) sed -n '2,19s/^# \?//p' "$0"; exit 0 ;;
    *)
      [ "$argument" = cpu_extension ] || [ -f "$here/$argument/CMakeLists.txt" ] ||
        die "unknown argument '$argument'; it is none of cpu_extension $(cd "$here" && echo */CMakeLists.txt | sed 's,/CMakeLists.txt,,g'), and flags for CMake begin with -D"
      wanted+=("$argument") ;;
  esac
done

[ -d "$sources/extension" ] ||
  die "this script runs from an installed SDK: cmake --install build/release --prefix DIRECTORY, then DIRECTORY/share/lamina/examples/build_samples.sh"
prefix=$(cd "$here/../../.." && pwd)
# wants NAME: whether it is to be built.
wants() { [ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $1 "* ]]; }

check_compiler() {
  local compiler=${CXX:-c++}
  command -v cmake >/dev/null || die "no cmake on this machine: install CMake 3.25 or later (Debian: apt-get install cmake)"
  command -v make >/dev/null || die "no make on this machine: install it (Debian: apt-get install make)"
  command -v "$compiler" >/dev/null || die "no compiler '$compiler' on this machine: install g++ (Debian: apt-get install g++), or name yours in CXX"
  "$compiler" -std=c++20 -E -x c++ /dev/null -o /dev/null 2>/dev/null ||
    die "the compiler '$compiler' does not know C++20; g++ 12 does (name another one in CXX)"
  ! wants cpu_extension || echo '#include <hwy/highway.h>' | "$compiler" -std=c++20 -E -x c++ - -o /dev/null 2>/dev/null ||
    die "no header hwy/highway.h, which cpu_extension is compiled with: install Highway (Debian: apt-get install libhwy-dev)"
}

find_openvino() {
  if [ -z "${OpenVINO_DIR:-}" ]; then
    OpenVINO_DIR=$(python3 -c 'from openvino.utils import get_cmake_path; print(get_cmake_path())' 2>/dev/null) ||
      die "no OpenVINO found: pip install openvino==2026.4.1, or set OpenVINO_DIR to the folder of OpenVINOConfig.cmake"
  fi
  [ -f "$OpenVINO_DIR/OpenVINOConfig.cmake" ] ||
    die "OpenVINO_DIR is '$OpenVINO_DIR', and no OpenVINOConfig.cmake is there; it is the folder 'cmake' inside the openvino package"
}

build=${BUILD_DIR:-$PWD/lamina_samples_build}
mkdir -p "$build"
build=$(cd "$build" && pwd)
check_compiler

# progress LOG: the log's last line, every half minute, as long as the script runs.
progress() {
  local started=$SECONDS told=$SECONDS
  while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    [ $((SECONDS - told)) -ge 30 ] || continue
    told=$SECONDS
    printf '    %d s: %.100s\n' $((SECONDS - started)) "$(tail -n 1 "$1")"
  done
}

# step NAME COMMAND...: its output is in a log, shown if it fails.
step() {
  local log=$build/$1.log watcher status=0
  shift
  progress "$log" &
  watcher=$!
  "$@" >> "$log" 2>&1 || status=$?
  kill $watcher 2>/dev/null || true
  wait $watcher 2>/dev/null || true
  [ $status = 0 ] || { tail -n 30 "$log" >&2; die "'$*' failed; all it said is in $log"; }
}

# build NAME SOURCE [ARGUMENT...]
build() {
  local name=$1 source=$2 started=$SECONDS
  shift 2
  wants "$name" || return 0
  echo "==> building $name"
  : > "$build/$name.log"
  step "$name" cmake -S "$source" -B "$build/$name" -DCMAKE_BUILD_TYPE=Release "$@" ${flags[@]+"${flags[@]}"}
  sed -n 's/^-- ENABLE_NATIVE: /    /p' "$build/$name.log"
  step "$name" cmake --build "$build/$name" -j "$(nproc)"
  echo "    built in $((SECONDS - started)) s"
}

! wants cpu_extension || find_openvino
build cpu_extension "$sources" -DOpenVINO_DIR="${OpenVINO_DIR:-}" -DLAMINA_BUILD_SERVER=OFF -DBUILD_TESTING=OFF
for example in "$here"/*/CMakeLists.txt; do
  directory=$(dirname "$example")
  build "$(basename "$directory")" "$directory" -DCMAKE_PREFIX_PATH="$prefix"
done

# Last: what was made, and what this machine can say of it.
prove=$build/cpu_extension/bin/lamina_prove
find "$build" -name 'lib*.so' | sort > "$build/libraries.txt"
echo "==> libraries, in $build:"
sed "s,^$build/,    ," "$build/libraries.txt"
if [ ! -x "$prove" ]; then
  echo "    not proved: lamina_prove comes with cpu_extension; where the server is, 'lamina prove LIBRARY' runs their examples"
  exit 0
fi
echo "==> their layers' examples, on this machine:"
failed=0
while read -r library; do
  "$prove" "$library" > "$build/prove.log" 2>&1 || grep -q 'needs a CPU with' "$build/prove.log" || failed=1
  sed "s,$build/,," "$build/prove.log" | sed 's/^/    /'
done < "$build/libraries.txt"
[ $failed = 0 ] || die "a library does not hold what its examples promise; see above"
