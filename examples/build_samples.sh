#!/usr/bin/env bash
# Builds every example and the library cpu_extension from the installed SDK, for this machine's CPU or for another one.
#
#   build_samples.sh                              the default libraries: cpu_extension chooses at run time
#   build_samples.sh -DENABLE_NATIVE=ON           for this machine's CPU, detected
#   build_samples.sh -DENABLE_SSE42=ON            for a CPU without AVX2
#   build_samples.sh -DENABLE_AVX2=ON -DENABLE_AVX512F=ON     two libraries of each, by those names
#
# Other arguments that begin with -D go to CMake as well. The environment may say:
#   BUILD_DIR      where to build; default ./lamina_samples_build
#   OpenVINO_DIR   the folder of OpenVINOConfig.cmake; by default that of the openvino package of python3
#
# Needed: a C++20 compiler, CMake 3.25, libhwy-dev, and OpenVINO's headers (its PyPI wheel has them).
set -euo pipefail

die() { printf 'error: %s\n' "$*" >&2; exit 1; }
for argument in "$@"; do
  case "$argument" in
    -D*) ;;
    -h|--help) sed -n '2,15s/^# \?//p' "$0"; exit 0 ;;
    *) die "unknown argument '$argument'; those for CMake begin with -D, and there is --help" ;;
  esac
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
share=$(dirname "$here")
if [ -d "$share/src/extension" ]; then      # installed: PREFIX/share/lamina/examples
  sources=$share/src
  prefix=$(cd "$share/../.." && pwd)
else                                        # in the source tree, which has to be installed once for its CMake package
  die "this script runs from an installed SDK: cmake --install build/release --prefix DIRECTORY, then DIRECTORY/share/lamina/examples/build_samples.sh"
fi
for tool in cmake c++; do command -v $tool >/dev/null || die "no $tool on this machine: install cmake and g++"; done
if [ -z "${OpenVINO_DIR:-}" ]; then
  OpenVINO_DIR=$(python3 -c 'from openvino.utils import get_cmake_path; print(get_cmake_path())' 2>/dev/null) ||
    die "no OpenVINO found: pip install openvino==2026.4.1, or set OpenVINO_DIR to the folder of OpenVINOConfig.cmake"
fi
build=${BUILD_DIR:-$PWD/lamina_samples_build}
mkdir -p "$build"

# build NAME SOURCE [ARGUMENT...]
build() {
  local name=$1 source=$2
  shift 2
  echo "==> building $name"
  cmake -S "$source" -B "$build/$name" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
    -DOpenVINO_DIR="$OpenVINO_DIR" "$@" > "$build/$name.log" || { tail -n 30 "$build/$name.log" >&2; die "configuring $name failed"; }
  cmake --build "$build/$name" -j "$(nproc)" >> "$build/$name.log" 2>&1 || { tail -n 30 "$build/$name.log" >&2; die "building $name failed"; }
}

build cpu_extension "$sources" -DLAMINA_BUILD_SERVER=OFF -DBUILD_TESTING=OFF "$@"
for example in "$here"/*/CMakeLists.txt; do
  directory=$(dirname "$example")
  build "$(basename "$directory")" "$directory" "$@"
done
echo "==> libraries:"
find "$build" -name 'lib*.so' ! -name '*testdata*' | sort | sed 's/^/    /'
