#!/usr/bin/env bash
# Makes build/wheel/lamina-*.whl of the package and the libraries of a build directory (build/release without one).
#   python/build_wheel.sh [BUILD_DIRECTORY]
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-build/release}")
out=$PWD/build/wheel
rm -rf "$out"
mkdir -p "$out/source/lamina/lib"
cp python/pyproject.toml "$out/source/"
printf '[bdist_wheel]\nplat_name = linux_x86_64\n' > "$out/source/setup.cfg"
cp python/lamina/*.py "$out/source/lamina/"
cp "$build/lib/libcpu_extension.so" "$build/lib/liblamina_prepare.so" "$out/source/lamina/lib/"
build/venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation -w "$out" "$out/source"
ls "$out"/*.whl
