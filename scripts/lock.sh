#!/bin/sh
# Pin every package, with hashes and without an index's address; needs uv.
set -eu
common="--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --upgrade"
# shellcheck disable=SC2086
uv pip compile $common pyproject.toml --output-file requirements.lock
# shellcheck disable=SC2086
uv pip compile $common --group dev pyproject.toml --constraint requirements.lock --output-file requirements-dev.lock
