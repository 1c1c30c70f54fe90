#!/bin/sh
# Prepares the environment and becomes the command that follows, as in
#   start_server.sh ie_serving config --config_path /opt/ml/config.json --port 9001
# The programs are found wherever this script lies: in a source tree (build/release), installed, or in the image.
set -eu

here=$(dirname "$(readlink -f "$0")")
for bin in "$here/../build/release/bin" "$here/../../bin" /usr/local/bin; do
  if [ -x "$bin/ie_serving" ]; then
    PATH=$(readlink -f "$bin"):$PATH
    export PATH
    break
  fi
done

if [ $# -eq 0 ]; then
  echo "usage: start_server.sh ie_serving config --config_path FILE --port PORT (or any other command)" >&2
  exit 2
fi
exec "$@"
