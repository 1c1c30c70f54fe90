#!/bin/sh
# Measures forests on our extension, onnxruntime and the other tree engines; bench/trees/run.sh --help tells the rest.
set -eu
cd "$(dirname "$0")/../.."
venv=build/venv
[ -x "$venv/bin/python" ] || { echo "bench/trees/run.sh: there is no $venv: run ./run.sh --build first" >&2; exit 1; }
stamp=$venv/.bench-requirements
if ! cmp -s bench/requirements.txt "$stamp"; then
  "$venv/bin/pip" install --quiet --requirement bench/requirements.txt >&2
  cp bench/requirements.txt "$stamp"
fi
exec "$venv/bin/python" -m bench.trees "$@"
