#!/usr/bin/env bash
# Installs what the tests need and cargo does not bring: node and npm (official clients as peers), Chromium (the browser
# purchase), jq and curl (the README's purchase), sqlite3 (the runbook's backup), Postgres and Redis (scripts/services.sh starts
# private instances of them, and so does every test that stops, pauses or floods one), cargo-nextest (the runner), cargo-deny (asked
# by scripts/deny.sh), HAProxy, openssl and Python with what check-deploy/tools.sh gets (the files under deploy/). Says exactly what is
# missing where it may not install.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
want() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
want node nodejs
want npm npm
want jq jq
want curl curl
want sqlite3 sqlite3
want chromium chromium
want openssl openssl
if ! PATH="$PATH:/usr/sbin" command -v haproxy >/dev/null 2>&1; then missing+=(haproxy); fi
if ! python3 -c 'import tomllib, ensurepip, venv' >/dev/null 2>&1; then missing+=(python3 python3-venv); fi
# Whatever DATABASE_URL, REDIS_URL and REDIS_CLUSTER_URL name: no test kills a server that it did not start.
want redis-server redis-server
want redis-cli redis-server
if ! scripts/postgres-folder.sh >/dev/null; then missing+=(postgresql); fi
want psql postgresql

# What is missing, as another package manager calls it.
named() {
    local package
    for package in "${missing[@]}"; do
        case "$1:$package" in
        brew:nodejs | brew:npm) echo node ;;
        brew:python3 | brew:python3-venv) echo python ;;
        brew:openssl) echo openssl@3 ;;
        dnf:python3-venv) ;;
        dnf:postgresql) echo postgresql-server ;;
        *:sqlite3) echo sqlite ;;
        *:redis-server) echo redis ;;
        *) echo "$package" ;;
        esac
    done | sort -u | tr '\n' ' '
}

if [ ${#missing[@]} -gt 0 ]; then
    # Two programs of one package are one package.
    IFS=$'\n' read -r -d '' -a missing < <(printf '%s\n' "${missing[@]}" | sort -u && printf '\0')
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
        echo "installing: ${missing[*]}"
        apt-get update -qq
        # RUNLEVEL: the packages of Postgres and Redis would start servers that nobody here has asked for.
        RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
        echo "The tests need: ${missing[*]} (Debian's names). Install them with your package manager:" >&2
        if command -v brew >/dev/null 2>&1; then
            echo "    brew install $(named brew)" >&2
        elif command -v dnf >/dev/null 2>&1; then
            echo "    sudo dnf install $(named dnf)" >&2
        else
            echo "    sudo apt-get install ${missing[*]}" >&2
        fi
        exit 1
    fi
fi

if ! cargo nextest --version >/dev/null 2>&1; then
    cargo install --locked cargo-nextest
fi
if ! cargo deny --version >/dev/null 2>&1; then
    # As it is released it is optimised as a whole, which takes minutes to make and saves fractions of a second to use.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        cargo install --locked cargo-deny@0.20.2
fi

scripts/check-deploy/tools.sh >/dev/null
