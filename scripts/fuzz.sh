#!/bin/sh
# Builds the fuzzers (clang, libclang-rt-14-dev) and runs each of them:
#     scripts/fuzz.sh [SECONDS]      60 by default
# What they find is left in build/fuzz as crash-*; what they have learned is kept in build/fuzz/corpus.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
if ! clang++ --version >/dev/null 2>&1; then
  echo "fuzz.sh: there is no clang++; install clang and libclang-rt-14-dev" >&2
  exit 1
fi
cmake --preset fuzz >/dev/null
fuzzers="model_infer predict kserve_rest_json kserve_rest_binary tfserving_rest http tls manifest prepare forest node_blob"
# shellcheck disable=SC2086 -- one target each
cmake --build build/fuzz --target fuzz_seeds loader_scale loader_older_minor $(printf '%s_fuzz ' $fuzzers)
build/fuzz/bin/fuzz_seeds build/fuzz/corpus
mkdir -p build/fuzz/corpus/manifest
cp build/fuzz/sdk/loader/testdata/*.so build/fuzz/corpus/manifest
for fuzzer in $fuzzers; do
  mkdir -p "build/fuzz/corpus/$fuzzer"
  seeds=tests/fuzz/seeds/$fuzzer
  [ -d "$seeds" ] || seeds=
  longest=1024
  [ "$fuzzer" != manifest ] || longest=32768 # a small library
  build/fuzz/bin/${fuzzer}_fuzz -max_total_time="$seconds" -max_len=$longest -timeout=10 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/crash-$fuzzer-" "build/fuzz/corpus/$fuzzer" ${seeds:+"$seeds"}
done
