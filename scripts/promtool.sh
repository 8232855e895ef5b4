#!/usr/bin/env bash
# Prints where promtool is: the one that PROMTOOL names, one on the PATH, or that of Debian's package, which is unpacked
# into a cache folder. Nothing is installed and no daemon started.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -n "${PROMTOOL:-}" ]]; then echo "$PROMTOOL"; exit; fi
if command -v promtool; then exit; fi

cache="${XDG_CACHE_HOME:-$HOME/.cache}/cml-fleet/promtool"
if [[ ! -x "$cache/promtool" ]]; then
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo "promtool is needed to test deploy/prometheus/alerts.yml: install prometheus, or set PROMTOOL" >&2
    exit 1
  fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # apt fetches as a user of its own, which must be able to write here
  chmod 777 "$work"
  cd "$work"
  apt-get download -qq prometheus >&2 || { apt-get update -qq >&2 && apt-get download -qq prometheus >&2; }
  dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool
  mkdir -p "$cache"
  # whole or not at all: others may look for it at the same time
  mv usr/bin/promtool "$cache/promtool.$$"
  mv "$cache/promtool.$$" "$cache/promtool"
fi
echo "$cache/promtool"
