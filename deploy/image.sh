#!/usr/bin/env bash
# Builds the two OCI images without a Docker engine, as root, with mmdebstrap and buildah:
#   lamina:VERSION           the server: no compiler, no Python, of the engine only what a CPU needs
#   lamina-builder:VERSION   compilers, OpenVINO's headers and the SDK, to compile the extension and layers of one's own
#
#   deploy/image.sh [server|builder]...     both by default
#   deploy/image.sh --archive DIRECTORY     also writes each as DIRECTORY/NAME.tar (docker load takes it)
#   deploy/image.sh --test                  then runs the 2019 page's line in the server image, and a build in the builder
#
# LAMINA_BUILD names another build directory than build/release.
# With a Docker engine: docker build -f deploy/Containerfile --target server -t lamina .
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs PATH=$PATH:/usr/sbin:/sbin

images=() archive='' run_tests=''
while [ $# -gt 0 ]; do
  case "$1" in
    server|builder) images+=("$1") ;;
    --archive) archive=${2:?--archive needs a directory}; shift ;;
    --test) run_tests=yes ;;
    -h|--help) sed -n '2,11s/^# \?//p' "$0"; exit 0 ;;
    *) die "unknown argument '$1'; see --help" ;;
  esac
  shift
done
[ ${#images[@]} -gt 0 ] || images=(server builder)
[ "$(id -u)" = 0 ] || die "making an image's root needs root: run this with sudo"
for tool in mmdebstrap buildah; do
  command -v $tool >/dev/null || die "no $tool on this machine: apt-get install mmdebstrap buildah crun uidmap"
done
build=${LAMINA_BUILD:-build/release}
[ -x "$build/bin/lamina" ] || die "$build has no server yet: ./run.sh --build"

version=$(sed -n 's/^project(lamina VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# debian_root DIRECTORY PACKAGES VARIANT: a Debian 12 root without documentation.
debian_root() {
  logged "mmdebstrap-$(basename "$1")" mmdebstrap --variant="$3" --include="$2" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$1"
}

# The packages that own the Debian libraries which the server is linked with. The engine's own lie in its wheel.
server_packages() {
  local library package
  ldd "$build/bin/lamina" "$build/lib/libcpu_extension.so" | awk '$3 ~ /^\// {print $3}' | grep -vE '/lib(openvino|tbb|hwloc)' | sort -u |
    while read -r library; do
      package=$(dpkg-query -S "$library" "$(readlink -f "$library")" "/usr$library" 2>/dev/null | sed 's/:.*//; q' || true)
      [ -n "$package" ] || die "no Debian package owns $library, which the server is linked with; build on Debian 12 with its packages"
      echo "$package"
    done | sort -u | paste -sd,
}

server_root() {
  local root=$work/server packages
  packages=$(server_packages)
  debian_root "$root" "$packages,dash,busybox-static,base-files,netbase,ca-certificates" extract
  ( cd "$root/bin"; for applet in ls cat cp mkdir env sleep ps kill grep sed uname id wget dirname readlink; do
      [ -e $applet ] || [ -e ../usr/bin/$applet ] || ln -s busybox $applet; done )
  [ -e "$root/usr/bin/env" ] || ln -s /bin/busybox "$root/usr/bin/env"
  printf 'root:x:0:0:root:/root:/bin/sh\nlamina:x:1000:1000::/:/bin/sh\n' > "$root/etc/passwd"
  printf 'root:x:0:\nlamina:x:1000:\n' > "$root/etc/group"
  rm -rf "$root"/usr/share/{doc,man,locale,info,gcc,gdb,perl5,bug,lintian} "$root"/var/lib/dpkg "$root"/usr/lib/x86_64-linux-gnu/gconv
  for component in server engine; do
    logged "install-$component" cmake --install "$build" --prefix "$root/usr/local" --component $component --strip
  done
  mkdir -p "$root/ie-serving-py" "$root/opt/ml"
  cp deploy/start_server.sh "$root/ie-serving-py/"
}

builder_root() {
  local root=$work/builder engine
  engine=$(dirname "$(sed -n 's/^OpenVINO_DIR:PATH=//p' "$build/CMakeCache.txt")")
  debian_root "$root" build-essential,cmake,libhwy-dev,ca-certificates minbase
  mkdir -p "$root/opt/openvino/libs"
  cp -r "$engine"/cmake "$engine"/include "$root/opt/openvino/"
  cp "$engine"/libs/libopenvino*.so* "$engine"/libs/lib{tbb,hwloc}*.so* "$root/opt/openvino/libs/"
  rm -f "$root"/opt/openvino/libs/*{gpu,npu}*
  logged install-builder cmake --install "$build" --prefix "$root/usr/local" --component Unspecified
}

commit_image() {
  local name=$1 container
  container=$(buildah from scratch)
  buildah add -q "$container" "$work/$2" / >/dev/null
  shift 2
  buildah config "$@" --label org.opencontainers.image.version="$version" "$container"
  buildah commit -q "$container" "$name:$version" >/dev/null
  buildah rm "$container" >/dev/null
  buildah tag "$name:$version" "$name:latest"
  say "image $name:$version, $(buildah images --format '{{.Size}}' "$name:$version" | head -n 1)"
  [ -z "$archive" ] || { mkdir -p "$archive"; buildah push -q "$name:$version" "docker-archive:$archive/$name.tar:$name:$version"; }
}

for image in "${images[@]}"; do
  say "making the root of the $image image"
  "${image}_root"
  case $image in
    server) commit_image lamina server --port 9000 --port 9001 --workingdir / --cmd '/usr/local/bin/lamina --help' ;;
    builder) commit_image lamina-builder builder --env OpenVINO_DIR=/opt/openvino/cmake --workingdir /root \
               --cmd /usr/local/share/lamina/examples/build_samples.sh ;;
  esac
done
[ -z "$run_tests" ] || exec deploy/image_test.sh "${images[@]}"
