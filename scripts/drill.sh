#!/usr/bin/env bash
# Faults that production brings, played out at length on private servers: scripts/drill.sh [filter of nextest]. Each drill ends with
# the doctor finding nothing and the totals exact, and prints its figures.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${STOA_TEST_DATABASE:-}" ] || [ -z "${STOA_TEST_REDIS:-}" ] || [ -z "${STOA_TEST_REDIS_CLUSTER:-}" ]; then
    exec scripts/services.sh scripts/drill.sh "$@"
fi

cargo nextest run --workspace --locked --profile drill --no-capture ${1:+-E "$1"}
