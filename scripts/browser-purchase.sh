#!/usr/bin/env bash
# Buys something in headless Chromium from the release binary's demo, as a person would, with an account and without, on a desk and on a
# telephone. Keeps the
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
BASE_URL=$SHOP
echo "shop: $BASE_URL"
# A second shop that takes the first one's sandbox for Stripe: its buyers pay on its own page.
export STOA_STRIPE__SECRET_KEY=sk_test_sandbox STOA_STRIPE__PUBLISHABLE_KEY=pk_test_sandbox STOA_STRIPE__API_BASE=$BASE_URL
export STOA_STRIPE__WEBHOOK_SECRETS=whsec_nobody_sends_anything_here
start_server demo
STRIPE_URL=$SHOP
echo "shop with a payment page of its own: $STRIPE_URL"
# Where the first one's mails are, which lead to its pages.
MAIL_FOLDER=$FOLDER/data/mail
export BASE_URL STRIPE_URL SCREENSHOTS CHROMIUM MAIL_FOLDER
# A browser that hangs must not hang everything that waits for this.
if command -v timeout >/dev/null; then
    timeout --kill-after=10 420 node tests/browser/run.mjs
else
    node tests/browser/run.mjs
fi
stop_servers
echo "Buying in a browser works. Screenshots: $SCREENSHOTS"
