#!/bin/sh
# install_servers.sh [MORE…]: install what the tests start themselves (and MORE, for a bench); none of it as a service.
# Not root: name what is missing and fail.
set -eu

packages="dovecot-imapd dovecot-lmtpd exim4-daemon-light tmux notmuch $*"
# Debian names PostgreSQL's package by its version; any from 15 on will do.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages="$packages postgresql"
missing=
for package in $packages; do
    dpkg-query --show --showformat='${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "The tests start real servers and these packages are missing:$missing" >&2
    echo "As root: apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi

# invoke-rc.d asks this file before it starts a service; 101 is "no".
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q -o DPkg::Lock::Timeout=300 update
# shellcheck disable=SC2086
apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends --no-upgrade $missing
