#!/usr/bin/env bash
# Builds what is measured and what measures, measures on SQLite and on private servers of Postgres and Redis, and writes
# docs/benchmarks.md. Takes about twenty minutes after the build; wants a machine with two cores and nothing else to do. Arguments
# go to the driver: see `stoa-bench run --help`.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${STOA_TEST_DATABASE:-}" ] || [ -z "${STOA_TEST_REDIS:-}" ]; then
    cargo build --release --locked --package stoa
    cargo build --release --locked --package stoa-bench
    cargo build --release --locked --package stoa-auth --example token_check
    # What pricing a cart costs, without a server.
    cargo bench --locked --package stoa-domain --bench pricing -- --noplot
    # An order that is answered is on the disk.
    export POSTGRES_FSYNC=on
    exec scripts/services.sh scripts/bench.sh "$@"
fi

built="${CARGO_TARGET_DIR:-target}/release"
server="${STOA_TEST_DATABASE%/*}"
for size in 1000 100000; do
    psql --quiet --no-psqlrc "$STOA_TEST_DATABASE" -c "CREATE DATABASE ${STOA_TEST_RUN:-}bench_$size"
done
"$built/stoa-bench" run --stoa "$built/stoa" --token-check "$built/examples/token_check" --pricing "${CARGO_TARGET_DIR:-target}/criterion" --out "${OUT:-docs/benchmarks.md}" \
    --postgres "$server/${STOA_TEST_RUN:-}bench_{size}" --redis "$STOA_TEST_REDIS" "$@"
