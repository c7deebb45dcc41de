#!/usr/bin/env bash
# Runs each target of fuzz/ for so many seconds: `scripts/fuzz.sh [seconds] [target…]`. `make fuzz SECONDS=60` does.
#
# What it learns goes to fuzz/found/<target>, which nobody keeps; an input that breaks a promise goes to fuzz/artifacts/<target>. Put that
# one into fuzz/corpus/<target>, under a name that says what it was: the tests of crates/fuzzing fail from then on until it is mended.
#
# The compiler is the ordinary one. What cargo-fuzz wants of a nightly one is the address sanitizer, and none of our code is unsafe.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"

each=${1:-60}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for folder in corpus/*/; do targets+=("$(basename "$folder")"); done
fi

# libFuzzer itself is built along, and is C++.
if ! command -v "${CXX:-c++}" >/dev/null; then
    echo "libFuzzer is built here, and wants a C++ compiler: ${CXX:-c++} is none" >&2
    exit 2
fi

# Counters at every edge, and what is compared with what. Named for a host of its own, so that build scripts are not counted.
host=$(rustc -vV | sed -n 's/^host: //p')
flags=(-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1)
export RUSTFLAGS="${flags[*]}"
cargo build --locked --target "$host" --bins
built=${CARGO_TARGET_DIR:-target}/$host/debug

failed=()
for target in "${targets[@]}"; do
    printf '\n== %s, %s seconds\n' "$target" "$each"
    mkdir -p "found/$target" "artifacts/$target"
    # An input takes milliseconds; one that takes ten seconds is a find. The shop's own memory is some 200 MB.
    "$built/$target" -max_total_time="$each" -timeout=10 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="artifacts/$target/" "found/$target" "corpus/$target" || failed+=("$target")
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "broken: ${failed[*]}; see fuzz/artifacts" >&2
    exit 1
fi
echo "nothing was found"
