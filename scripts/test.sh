#!/usr/bin/env bash
# Everything that must hold before a change lands. Stops at the first thing that does not.
set -euo pipefail
cd "$(dirname "$0")/.."

# Everything below runs beside a Postgres and Redis servers of its own.
if [ -z "${STOA_TEST_DATABASE:-}" ] || [ -z "${STOA_TEST_REDIS:-}" ] || [ -z "${STOA_TEST_REDIS_CLUSTER:-}" ]; then
    exec scripts/services.sh scripts/test.sh "$@"
fi

# What the machine still has on its disk is said with each step: a full one fails whatever runs then, and tells of something else.
step() { printf '\n== %s (%s s, %s MB free)\n' "$1" "$SECONDS" "$(df -Pm . | awk 'NR == 2 { print $4 }')"; }
# One more than there are cores: a test that waits for a server on the same machine leaves it a core.
AT_ONCE=$(($(getconf _NPROCESSORS_ONLN) + 1))

step "formatting"
cargo fmt --all --check
step "the crates we build on"
crates=$(scripts/deny.sh)
echo "$crates"
step "clippy, warnings denied"
cargo clippy --workspace --all-targets --locked -- -D warnings
step "every test is one of some profile's"
listed() { cargo nextest list --workspace --locked --message-format oneline "$@" | sort -u; }
all=$(listed --ignore-default-filter)
chosen=$(for profile in default postgres scaled drill; do listed --profile "$profile"; done | sort -u)
if [ "$all" != "$chosen" ]; then
    diff <(echo "$all") <(echo "$chosen") >&2 || true
    echo "What .config/nextest.toml chooses is not all there is: nobody would run the rest." >&2
    exit 1
fi
step "unit, property, contract and end-to-end tests, on SQLite"
env -u STOA_TEST_DATABASE cargo nextest run --workspace --locked
step "the system of record and the end-to-end stories, on Postgres"
env -u STOA_TEST_REDIS cargo nextest run --workspace --locked --profile postgres --test-threads "$AT_ONCE"
step "the end-to-end stories, on Postgres and Redis"
cargo nextest run --workspace --locked --profile scaled --test-threads "$AT_ONCE"
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
