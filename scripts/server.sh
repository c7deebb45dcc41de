# Sourced by the scripts that try the release binary: starts it on a free port with a data folder of its own, and ends it.
# Only the process started here is ever ended, and only the folder made here is ever deleted.

BINARY=${BINARY:-${CARGO_TARGET_DIR:-target}/release/stoa}
FOLDER=$(mktemp -d)
SERVER=

if [ ! -x "$BINARY" ]; then
    echo "There is no $BINARY: cargo build --release makes it." >&2
    exit 1
fi
# What the person has configured for their own shop is none of this one's business.
for name in $(env | sed -n 's/^\(STOA_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done

# Starts the server with the given command (demo, serve) and sets SHOP to its address.
start_server() {
    # There before they are read: the server's own shell makes them a moment later.
    : >"$FOLDER/stdout"
    : >"$FOLDER/stderr"
    # The operating system picks the port, so no other program can take it between asking and listening.
    STOA_LOG__FORMAT=json "$BINARY" "$@" --data-dir "$FOLDER/data" --listen 127.0.0.1:0 \
        >"$FOLDER/stdout" 2>"$FOLDER/stderr" &
    SERVER=$!
    for _ in $(seq 300); do
        # `demo` greets on standard output, `serve` logs on standard error.
        SHOP=$(sed -nE 's|^ *GraphQL +(http.*)/graphql$|\1|p' "$FOLDER/stdout")
        SHOP=${SHOP:-$(sed -nE 's|.*"message":"listening".*"url":"(http[^"]*[^"/])/?".*|\1|p' "$FOLDER/stderr")}
        if [ -n "$SHOP" ] && curl -fsS -o /dev/null "$SHOP/readyz" 2>/dev/null; then return; fi
        kill -0 "$SERVER" 2>/dev/null || break
        sleep 0.1
    done
    echo "The server did not start:" >&2
    exit 1
}

# Ends the server as an operator would. Fails if it does not end cleanly.
stop_server() {
    local server=$SERVER
    SERVER=
    kill "$server"
    wait "$server"
}

finish() {
    local status=$?
    if [ -n "$SERVER" ]; then
        kill "$SERVER" 2>/dev/null || true
        wait "$SERVER" 2>/dev/null || true
    fi
    if [ "$status" -ne 0 ] && [ -f "$FOLDER/stderr" ]; then
        echo "-- the last the server said:" >&2
        tail -n 40 "$FOLDER/stdout" "$FOLDER/stderr" >&2
    fi
    rm -rf "$FOLDER"
    exit "$status"
}
trap finish EXIT
