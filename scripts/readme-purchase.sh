#!/usr/bin/env bash
# Runs the purchase of README.md, and what staff do with the order, command by command as they stand there, against the release binary with
# real catalogues imported. Fails unless the order ends PAID and then REFUNDED, its confirmation is written, and importing the same files
# twice changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/server.sh

catalogues=(../shared/data/product-csvs/*.csv)
if [ ! -e "${catalogues[0]}" ]; then catalogues=(tests/data/*.csv); fi
echo "catalogues: ${catalogues[*]}"

import() { "$BINARY" --data-dir "$FOLDER/data" import "${catalogues[@]}"; }
first=$(import)
echo "first import: $first"
created=${first%% created*}
if [ "$created" -eq 0 ] || [ "$first" != "$created created, 0 updated, 0 unchanged, 0 refused" ]; then
    echo "The first import should only create: $first" >&2
    exit 1
fi
again=$(import)
echo "the same again: $again"
if [ "$again" != "0 created, 0 updated, $created unchanged, 0 refused" ]; then
    echo "The second import should change nothing: $again" >&2
    exit 1
fi

start_server serve
echo "shop: $SHOP"
shell_blocks README.md "## Buy something with curl" >"$FOLDER/purchase.sh"
# shellcheck source=/dev/null
source "$FOLDER/purchase.sh"
if [ "${STATUS:-unknown}" != PAID ]; then
    echo "The order is ${STATUS:-not there} instead of PAID." >&2
    exit 1
fi

for _ in $(seq 50); do
    if compgen -G "$FOLDER/data/mail/order-confirmed-*.eml" >/dev/null; then break; fi
    sleep 0.1
done
if ! compgen -G "$FOLDER/data/mail/order-confirmed-*.eml" >/dev/null; then
    echo "No confirmation was written." >&2
    exit 1
fi

created=$("$BINARY" --data-dir "$FOLDER/data" staff create-owner owner@example.com --replace 2>"$FOLDER/create-owner")
LINK=$(grep -o 'http[^ ]*/staff/accept/[^ ]*' <<<"$created")
export LINK
shell_blocks README.md "## Run the shop" >"$FOLDER/run-the-shop.sh"
# shellcheck source=/dev/null
source "$FOLDER/run-the-shop.sh"
if [ "${REFUNDED:-unknown}" != REFUNDED ]; then
    echo "The order is ${REFUNDED:-not there} instead of REFUNDED." >&2
    exit 1
fi
stop_servers
echo "The README's purchase works: imported, ordered, paid, confirmed, sent, refunded."
