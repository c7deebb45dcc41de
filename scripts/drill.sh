#!/usr/bin/env bash
# Plays the faults that production brings, which take too long for every test run, and writes their figures to docs/reliability.md.
# Arguments go to the test runner: names of drills, for example. Then the page is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${STOA_TEST_DATABASE:-}" ] || [ -z "${STOA_TEST_REDIS:-}" ] || [ -z "${STOA_TEST_REDIS_CLUSTER:-}" ]; then
    exec scripts/services.sh scripts/drill.sh "$@"
fi

OUTPUT=$(mktemp)
trap 'rm -f "$OUTPUT"' EXIT
cargo nextest run --workspace --locked --profile drill --no-capture "$@" | tee "$OUTPUT"
if [ $# -gt 0 ]; then exit; fi

{
    cat <<'HEAD'
# What has been tried to break it

Faults played out on purpose by `make drill`, which writes this page. Buyers do not give up: whoever is told to try again does, whose
cart is gone begins anew. Each drill ends with every order paid and known to exactly one buyer's key, the stock exact to the unit,
and `doctor` finding nothing; its code is in [tests/tests/drills](../tests/tests/drills). It is a debug build on two busy cores: how
many orders that makes says nothing about speed.

In `make test`, as stories: Redis gone at each single word said while an order is placed and while a line is put in, with the
question lost and with the answer lost; Redis killed, empty, standing still; a cluster's node lost; Postgres' connections cut while
orders are placed, commits whose answer is lost, deadlocks and serialization failures; two instances with clocks two minutes apart.

| drill | what happened |
|---|---|
HEAD
    sed -n 's/^drill: \([^:]*\): \(.*\)$/| \1 | \2 |/p' "$OUTPUT" | sort
    printf '\nLast played on %s, at %s.\n' "$(date -u +%Y-%m-%d)" "$(git rev-parse --short HEAD)"
} >"${OUT:-docs/reliability.md}"
