#!/usr/bin/env bash
# Brings the generated half of docs/layers.md up to date with the layers that the release build has.
set -euo pipefail
cd "$(dirname "$0")/.."
page=docs/layers.md
written=$(sed '/^<!-- Below: /q' "$page")
generated=$("${LAMINA_BUILD:-build/release}/bin/lamina" layers --markdown)
printf '%s\n\n%s\n' "$written" "$generated" > "$page"
