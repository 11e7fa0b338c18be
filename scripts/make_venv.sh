#!/bin/sh
# make_venv.sh PYTHON VENV LOCK: make the virtual environment and install what the lock pins, then ourselves, editable.
set -eu
python=$1 venv=$2 lock=$3

if ! command -v "$python" >/dev/null 2>&1 || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "madoguchi needs Python 3.11 or newer, and '$python' is not one. Name another: make PYTHON=python3.12 …" >&2
    exit 1
fi
if [ ! -x "$venv/bin/python" ]; then
    # Debian and Ubuntu split venv's bootstrap off into a package of its own.
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        if [ "$(id -u)" -ne 0 ]; then
            echo "A virtual environment needs the package python3-venv, which is missing." >&2
            echo "As root: apt-get update && apt-get install -y --no-install-recommends python3-venv" >&2
            exit 1
        fi
        apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends python3-venv
    fi
    "$python" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
# Ours goes in as a plain path entry and two lines of script: a build backend would have to be fetched first.
"$venv/bin/python" scripts/install_editable.py
