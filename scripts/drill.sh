#!/usr/bin/env bash
# Plays the faults that production brings, which take too long for every test run, each on every size it applies to, and writes their
# figures into docs/reliability.md, between its two marks:
#
#     scripts/drill.sh [--kills N] [what the test runner takes: names of drills, for example]
#
# With names the page is left as it is. --kills says how often the program is killed, 100 times where it is not given.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${STOA_TEST_DATABASE:-}" ] || [ -z "${STOA_TEST_REDIS:-}" ] || [ -z "${STOA_TEST_REDIS_CLUSTER:-}" ]; then
    exec scripts/services.sh scripts/drill.sh "$@"
fi

PAGE=${OUT:-docs/reliability.md}
BEGIN='<!-- figures: written by make drill -->'
END='<!-- end of figures -->'

if [ "${1:-}" = --kills ]; then
    case "${2:-}" in
        '' | *[!0-9]*)
            echo "--kills takes a number" >&2
            exit 2
            ;;
    esac
    export DRILL_KILLS=$2
    shift 2
fi
if [ $# -eq 0 ] && ! { grep -qxF "$BEGIN" docs/reliability.md && grep -qxF "$END" docs/reliability.md; }; then
    echo "docs/reliability.md has lost the marks between which the figures stand: $BEGIN and $END" >&2
    exit 1
fi

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cargo nextest run --workspace --locked --profile drill --no-capture "$@" | tee "$WORK/output"
if [ $# -gt 0 ]; then exit; fi

{
    echo "$BEGIN"
    printf '\n| drill | what happened |\n|---|---|\n'
    sed -n 's/^drill: \([^:]*\): \(.*\)$/| \1 | \2 |/p' "$WORK/output" | sort
    printf '\nPlayed in one run of %s minutes, on %s, at %s.\n\n' "$(((SECONDS + 30) / 60))" "$(date -u +%Y-%m-%d)" \
        "$(git rev-parse --short HEAD)"
    echo "$END"
} >"$WORK/figures"
awk -v begin="$BEGIN" -v end="$END" -v figures="$WORK/figures" '
    $0 == begin { while ((getline line < figures) > 0) print line; within = 1 }
    !within { print }
    $0 == end { within = 0 }
' docs/reliability.md >"$WORK/page"
cp "$WORK/page" "$PAGE"
