#!/usr/bin/env bash
# Everything that must hold before a change lands. Stops at the first thing that does not.
set -euo pipefail
cd "$(dirname "$0")/.."

# Everything below runs beside a Postgres and Redis servers of its own.
if [ -z "${STOA_TEST_DATABASE:-}" ] || [ -z "${STOA_TEST_REDIS:-}" ] || [ -z "${STOA_TEST_REDIS_CLUSTER:-}" ]; then
    exec scripts/services.sh scripts/test.sh "$@"
fi

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

step "formatting"
cargo fmt --all --check
step "the crates we build on"
crates=$(scripts/deny.sh)
echo "$crates"
step "clippy, warnings denied"
cargo clippy --workspace --all-targets --locked -- -D warnings
step "unit, property, contract and end-to-end tests, on SQLite"
env -u STOA_TEST_DATABASE cargo nextest run --workspace --locked
step "the system of record and the end-to-end stories, on Postgres"
env -u STOA_TEST_REDIS cargo nextest run --workspace --locked --profile postgres
step "the end-to-end stories, on Postgres and Redis"
cargo nextest run --workspace --locked --profile scaled
step "examples in the documentation"
cargo test --workspace --locked --doc --quiet
# What follows tries the program as people do. It is the one that the tests were run with: an optimised one takes a quarter of an hour to
# make and finds nothing more, and is what `make bench` buys from. To try that one: BINARY=target/release/stoa scripts/readme-purchase.sh
BINARY=${BINARY:-${CARGO_TARGET_DIR:-target}/debug/stoa}
export BINARY
step "deploy files"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
scripts/check-deploy.sh | tee "$said"
step "the README's purchase, with both sample catalogues imported"
scripts/readme-purchase.sh
step "the runbook's backups, restored"
scripts/runbook-restore.sh
step "the purchase in a browser"
scripts/browser-purchase.sh
step "all green"
# Again, because what was not looked at is not green, and nobody scrolls up so far.
echo "$crates"
grep 'NOT CHECKED' "$said" || true
