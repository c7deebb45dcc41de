#!/usr/bin/env bash
# Builds what is measured and what measures, measures, and writes docs/benchmarks.md. Takes about ten minutes after the build;
# wants a machine with two cores and nothing else to do. Arguments go to the driver: see `stoa-bench run --help`.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked --package stoa
cargo build --release --locked --package stoa-bench
built="${CARGO_TARGET_DIR:-target}/release"
exec "$built/stoa-bench" run --stoa "$built/stoa" --out "${OUT:-docs/benchmarks.md}" "$@"
