#!/usr/bin/env bash
# Tests the images that deploy/image.sh made: in the server image the line of the 2019 page, answered by a
# tensorflow-serving-api client; in the builder image, building the samples.   deploy/image_test.sh [server|builder]...
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
server_pid=''
cleanup() { [ -z "$server_pid" ] || { kill "$server_pid" 2>/dev/null || true; wait "$server_pid" 2>/dev/null || true; }; rm -rf "$work"; }
trap cleanup EXIT

test_server() {
  local container port
  say "server image: the 2019 page's line"
  build/venv/bin/python examples/breast_cancer/train.py "$work/ml/breast_cancer"
  cp build/release/lib/libcpu_extension.so "$work/ml/"
  echo '{"model_config_list": [{"config": {"name": "breast_cancer", "base_path": "/opt/ml/breast_cancer"}}]}' > "$work/ml/config.json"
  port=$(build/venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  container=$(buildah from lamina:latest)
  buildah run -v "$work/ml:/opt/ml:ro" --env CPU_EXTENSION=/opt/ml/libcpu_extension.so "$container" -- \
    /ie-serving-py/start_server.sh ie_serving config --config_path /opt/ml/config.json --port "$port" &
  server_pid=$!
  build/venv/bin/python deploy/ask.py "$port" "$work/ml/breast_cancer.held_out.npz"
  kill "$server_pid"; wait "$server_pid" || true; server_pid=''
  buildah rm "$container" >/dev/null
}

test_builder() {
  local container
  say "builder image: the samples, for the default and for SSE4.2"
  container=$(buildah from lamina-builder:latest)
  buildah run "$container" -- /usr/local/share/lamina/examples/build_samples.sh
  buildah run --env BUILD_DIR=/root/sse42 "$container" -- /usr/local/share/lamina/examples/build_samples.sh -DENABLE_SSE42=ON
  buildah run "$container" -- test -s /root/sse42/cpu_extension/lib/libcpu_extension_sse42.so
  buildah rm "$container" >/dev/null
}

for image in "${@:-server}"; do "test_$image"; done
say "images: ok"
