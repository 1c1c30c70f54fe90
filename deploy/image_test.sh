#!/usr/bin/env bash
# Tests the images that deploy/image.sh made: in the server image the line of the 2019 page, answered by a
# tensorflow-serving-api client; in the builder image, building the samples.   deploy/image_test.sh [server|builder]...
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs PATH=$PATH:/usr/sbin:/sbin
build=${LAMINA_BUILD:-build/release}
scripts/setup.sh  # the clients
work=$(mktemp -d)
server_pid='' container=''
cleanup() {
  [ -z "$server_pid" ] || { kill "$server_pid" 2>/dev/null || true; wait "$server_pid" 2>/dev/null || true; }
  [ -z "$container" ] || buildah rm "$container" >/dev/null
  rm -rf "$work"
}
trap cleanup EXIT

free_port() { build/venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# What a user mounts as /opt/ml: a model, a configuration and a library.
models_folder() {
  build/venv/bin/python examples/breast_cancer/train.py "$work/ml/breast_cancer" >/dev/null
  cp "$build/lib/libcpu_extension.so" "$work/ml/"
  echo '{"model_config_list": [{"config": {"name": "breast_cancer", "base_path": "/opt/ml/breast_cancer"}}]}' > "$work/ml/config.json"
  chmod -R a+rX "$work"
}

# serve_and_ask NAME OPTION...: the page's line, with options for buildah run.
serve_and_ask() {
  local name=$1 port
  shift
  say "server image: the 2019 page's line, $name"
  port=$(free_port)
  buildah run "$@" -v "$work/ml:/opt/ml:ro" --env CPU_EXTENSION=/opt/ml/libcpu_extension.so "$container" -- \
    /ie-serving-py/start_server.sh ie_serving config --config_path /opt/ml/config.json --port "$port" > "$work/server.log" 2>&1 &
  server_pid=$!
  build/venv/bin/python deploy/ask.py "$port" "$work/ml/breast_cancer.held_out.npz" || { cat "$work/server.log" >&2; die "the server in the image gave no right answer"; }
  kill "$server_pid"
  wait "$server_pid" || true
  server_pid=''
  grep -q 'extension library /opt/ml/libcpu_extension.so' "$work/server.log" || die "the server did not use the mounted library"
}

# Nobody's download should grow unseen: the limit is 250 MB, 2^20 bytes each; only the engine's CPU parts belong in it.
check_contents() {
  local megabytes
  megabytes=$(buildah run "$container" -- busybox du -sxm / | cut -f 1)
  say "server image: $megabytes MB"
  [ "$megabytes" -lt 250 ] || die "the server image has $megabytes MB; the limit is 250"
  ! buildah run "$container" -- busybox find /usr/local/lib/openvino | grep -E 'gpu|npu' || die "the server image has parts of the engine for other devices than the CPU"
  for program in python3 python perl gcc g++ cc ld as cmake; do
    ! buildah run "$container" -- sh -c "command -v $program" 2>/dev/null || die "the server image has $program"
  done
}

test_server() {
  container=$(buildah from lamina:latest)
  buildah run "$container" -- lamina --version
  buildah run "$container" -- lamina prove
  check_contents
  models_folder
  serve_and_ask "as root"
  # An ordinary user can write nowhere but in /tmp, and needs no more.
  serve_and_ask "as a user who may write nowhere but in /tmp" --user lamina
  buildah rm "$container" >/dev/null
  container=''
}

test_builder() {
  say "builder image: the samples, for any CPU and for one with SSE4.2"
  container=$(buildah from lamina-builder:latest)
  buildah run "$container" -- /usr/local/share/lamina/examples/build_samples.sh
  buildah run --env BUILD_DIR=/tmp/sse42 "$container" -- /usr/local/share/lamina/examples/build_samples.sh -DENABLE_SSE42=ON
  buildah run "$container" -- test -s /tmp/sse42/cpu_extension/lib/libcpu_extension_sse42.so
  buildah rm "$container" >/dev/null
  container=''
}

[ $# -gt 0 ] || set -- server builder
for image in "$@"; do "test_$image"; done
say "images: ok"
