#!/usr/bin/env bash
# Installs what building, running and testing need: Debian packages, and Python packages (OpenVINO's wheel among them)
# in a virtual environment of the project's, build/venv. Does nothing where everything is there already.
#   scripts/setup.sh            all of it
#   scripts/setup.sh --build    of the Python packages only what building needs: OpenVINO's wheel
#   scripts/setup.sh --clients  all of it, and what tests/clients builds and runs: Go, Node.js, a JDK, Maven, h2load
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

install_packages() {
  local wanted missing=()
  mapfile -t wanted < <(grep -v '^#' scripts/packages.txt)
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' 2>/dev/null | sed -n 's/^ii  *//p' | sed 's/:.*//')
  for package in "${wanted[@]}"; do
    grep -qxF "$package" <<<"$installed" || missing+=("$package")
  done
  install_debian ${missing[@]+"${missing[@]}"}
}

# install_tools: the packages of commands that are not there; where Go, Node.js or a JDK came in another way, they are used.
install_tools() {
  local command package missing=()
  while read -r command package; do
    command -v "$command" >/dev/null || missing+=("$package")
  done < <(grep -v '^#' scripts/client_tools.txt)
  install_debian ${missing[@]+"${missing[@]}"}
}

# install_debian PACKAGE...
install_debian() {
  local missing=("$@")
  [ ${#missing[@]} -eq 0 ] && return
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "installing ${missing[*]} needs root: run this as root, or install sudo"
    sudo=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  logged apt-update "${sudo[@]}" apt-get update
  logged apt-install "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# has_python REQUIREMENTS: whether build/venv has what the files of requirements say now.
has_python() { [ "$(cat build/venv/"$1".sha256 2>/dev/null)" = "$(requirements_hash "$1")" ]; }

requirements_hash() {
  case $1 in
    engine) sha256sum < requirements.txt ;;
    requirements) cat requirements.txt tests/requirements.txt | sha256sum ;;
  esac
}

# install_python engine|requirements
install_python() {
  local file=tests/requirements.txt what="OpenVINO's wheel, test clients; some minutes the first time"
  if has_python requirements || has_python "$1"; then return; fi
  [ "$1" = requirements ] || { file=requirements.txt what="OpenVINO's wheel"; }
  local python=/usr/bin/python3
  [ -x "$python" ] || python=$(command -v python3) || die "no python3 on this machine"
  say "installing Python packages into build/venv ($what)"
  logged venv "$python" -m venv build/venv
  logged pip build/venv/bin/python -m pip install --disable-pip-version-check -r "$file"
  # It would tell OpenVINO's makers whenever somebody imports their package, and leave files in the home; that goes without it.
  logged telemetry build/venv/bin/python -m pip uninstall --disable-pip-version-check -y openvino-telemetry
  requirements_hash "$1" > "build/venv/$1.sha256"
}

python=requirements
tools=''
case "${1:-}" in
  '') ;;
  --build) python=engine ;;
  --clients) tools=yes ;;
  *) die "unknown option '$1'; there are --build and --clients" ;;
esac
[ -r /etc/debian_version ] || die "this is not Debian: install the packages of scripts/packages.txt in your own way, then make build/venv from tests/requirements.txt"
mkdir -p build/log
install_packages
[ -z "$tools" ] || install_tools
install_python $python
