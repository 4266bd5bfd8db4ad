#!/bin/sh
# Installs the Debian packages named as arguments that are missing. Says what and why; asks for sudo only when it must.
set -eu
why=$1
shift
missing=""
for package in "$@"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "Installing$missing ($why)."
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Not root and no sudo here. As root: apt-get install$missing" >&2; exit 1; }
  sudo="sudo"
fi
# Servers that come with the packages are not started: tests run their own, on loopback, in temporary folders.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
  trap '$sudo rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  $sudo chmod 755 "$policy"
fi
status=0
install() {
  # shellcheck disable=SC2086
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing
}
install || { $sudo apt-get -o DPkg::Lock::Timeout=300 update && install; } || status=$?
exit $status
