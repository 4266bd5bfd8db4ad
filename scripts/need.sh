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
made_policy=""
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
  $sudo chmod 755 "$policy"
  made_policy=yes
fi
status=0
install() {
  # shellcheck disable=SC2086
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing
}
install || { $sudo apt-get -o DPkg::Lock::Timeout=300 update && install; } || status=$?
[ -z "$made_policy" ] || $sudo rm -f "$policy"
exit $status
