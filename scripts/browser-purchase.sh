#!/usr/bin/env bash
# Buys something in headless Chromium from the release binary's demo, as a person would, on a desk and on a telephone. Keeps the
# screenshots, to be looked at, in SCREENSHOTS or a new temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/server.sh

SCREENSHOTS=${SCREENSHOTS:-$(mktemp -d)}
for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$browser" ] && CHROMIUM=$(command -v "$browser"); then break; fi
done
if [ -z "${CHROMIUM:-}" ]; then
    echo "There is no Chromium; scripts/tools.sh installs it, or CHROMIUM=/path/to/it names one." >&2
    exit 1
fi

npm ci --prefix tests/browser --no-audit --no-fund --loglevel=error
start_server demo
echo "shop: $SHOP"
export BASE_URL=$SHOP SCREENSHOTS CHROMIUM
# A browser that hangs must not hang everything that waits for this.
if command -v timeout >/dev/null; then
    timeout --kill-after=10 300 node tests/browser/run.mjs
else
    node tests/browser/run.mjs
fi
stop_server
echo "Buying in a browser works. Screenshots: $SCREENSHOTS"
