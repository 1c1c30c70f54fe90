#!/usr/bin/env bash
# From nothing to a prediction: installs, builds, starts the server on a model that OpenVINO refuses, asks it.
#   ./run.sh            all of it, then stops the server
#   ./run.sh --serve    leaves the server running, on port 9000 or that of the environment's PORT, until Ctrl-C or SIGTERM
#   ./run.sh --build    stops after building (build/release: bin/lamina, bin/ie_serving, lib/libcpu_extension.so)
set -euo pipefail
cd "$(dirname "$0")"
source scripts/lib.sh

case "${1:-}" in
  ''|--serve|--build) ;;
  -h|--help) sed -n '2,5s/^# \?//p' "$0"; exit 0 ;;
  *) die "unknown option '$1'; there are --serve, --build and --help" ;;
esac

if [ "${1:-}" = --build ]; then scripts/setup.sh --build; else scripts/setup.sh; fi
# Not the tests: compiling those takes as long again.
build_preset release lamina_cli cpu_extension lamina_prepare_c lamina_prove
[ "${1:-}" = --build ] && exit 0
exec build/venv/bin/python examples/breast_cancer/demo.py ${1:+"$1"}
