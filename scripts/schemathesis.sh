#!/usr/bin/env bash
# Prints where schemathesis is: the one that SCHEMATHESIS names, or that of PyPI, of the version below, in a virtual
# environment in a cache folder.
set -euo pipefail

version=4.32.5

if [[ -n "${SCHEMATHESIS:-}" ]]; then echo "$SCHEMATHESIS"; exit; fi

cache="${XDG_CACHE_HOME:-$HOME/.cache}/cml-fleet/schemathesis-$version"
# written last: a folder without it was not finished
if [[ ! -e "$cache/complete" ]]; then
  # Debian has the module venv, and what it needs, in a package of its own
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    if ! command -v apt-get >/dev/null || [[ $(id -u) != 0 ]]; then
      echo "python3 with the module venv is needed to fuzz the API: install it, or set SCHEMATHESIS" >&2
      exit 1
    fi
    { apt-get update -qq && apt-get install -y -qq python3-venv; } >&2
  fi
  python3 -m venv --clear "$cache"
  "$cache/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version" >&2
  touch "$cache/complete"
fi
echo "$cache/bin/schemathesis"
