#!/usr/bin/env bash
# Installs what the tests need and cargo does not bring: node and npm (official clients as peers), Chromium (the browser
# purchase), jq and curl (the README's purchase), cargo-nextest (the runner). Says exactly what is missing where it may not install.
set -euo pipefail

missing=()
want() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
want node nodejs
want npm npm
want jq jq
want curl curl
want chromium chromium

if [ ${#missing[@]} -gt 0 ]; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
        echo "installing: ${missing[*]}"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
        echo "The tests need: ${missing[*]}. Install them with your package manager, for example:" >&2
        echo "    sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
fi

if ! cargo nextest --version >/dev/null 2>&1; then
    cargo install --locked cargo-nextest
fi
