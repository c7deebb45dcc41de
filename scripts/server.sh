# shellcheck shell=bash
# Sourced by the scripts that try the release binary: starts it on a free port with a data folder of its own, and ends it.
# Only the process started here is ever ended, and only the folder made here is ever deleted.

BINARY=${BINARY:-${CARGO_TARGET_DIR:-target}/release/stoa}
FOLDER=$(mktemp -d)
SERVERS=()

if [ ! -x "$BINARY" ]; then
    echo "There is no $BINARY: cargo build --release makes it." >&2
    exit 1
fi
# What the person has configured for their own shop is none of this one's business.
for name in $(env | sed -n 's/^\(STOA_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done

# Prints the blocks of a section of a Markdown file, or the one of that number; those in sh, or in another language ("" for none).
shell_blocks() {
    awk -v section="$2" -v wanted="${3:-0}" -v fence="\`\`\`${4-sh}" '
        /^#+ /      { if (!inside) here = ($0 == section) }
        /^```/      { if (inside) { if (code) print ""; code = inside = 0 }
                      else { inside = 1; code = (here && $0 == fence && (++count == wanted || wanted == 0)) }; next }
        here && code { print }' "$1"
}

# Starts a server with the given command (demo, serve) and sets SHOP to its address. The first one's data are in
# $FOLDER/data; a second one, started while that one runs, has a folder of its own.
start_server() {
    local number=${#SERVERS[@]} server output data
    output="$FOLDER/server-$number"
    data="$FOLDER/data"
    if [ "$number" -gt 0 ]; then
        data="$FOLDER/data-$number"
        # Of one shop, should they share a database.
        mkdir -p "$data"
        if [ -e "$FOLDER/data/secret.key" ]; then cp -p "$FOLDER/data/secret.key" "$data/"; fi
    fi
    # There before they are read: the server's own shell makes them a moment later.
    : >"$output.stdout"
    : >"$output.stderr"
    # The operating system picks the port, so no other program can take it between asking and listening.
    STOA_LOG__FORMAT=json "$BINARY" "$@" --data-dir "$data" --listen 127.0.0.1:0 \
        >"$output.stdout" 2>"$output.stderr" &
    server=$!
    SERVERS+=("$server")
    for _ in $(seq 300); do
        # `demo` greets on standard output, `serve` logs on standard error.
        SHOP=$(sed -nE 's|^ *GraphQL +(http.*)/graphql$|\1|p' "$output.stdout")
        SHOP=${SHOP:-$(sed -nE 's|.*"message":"listening".*"url":"(http[^"]*[^"/])/?".*|\1|p' "$output.stderr")}
        if [ -n "$SHOP" ] && curl -fsS -o /dev/null "$SHOP/readyz" 2>/dev/null; then return; fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    echo "The server did not start:" >&2
    exit 1
}

# Ends the servers as an operator would, the last started first. Fails if one does not end cleanly.
stop_servers() {
    local server
    while [ ${#SERVERS[@]} -gt 0 ]; do
        # As the bash of a Mac can read it: it has no [-1].
        server=${SERVERS[${#SERVERS[@]} - 1]}
        unset "SERVERS[$((${#SERVERS[@]} - 1))]"
        kill "$server"
        wait "$server"
    done
}

finish() {
    local status=${1:-$?} server
    for server in ${SERVERS[@]+"${SERVERS[@]}"}; do
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    done
    if [ "$status" -ne 0 ] && compgen -G "$FOLDER/server-*" >/dev/null; then
        echo "-- the last the server said:" >&2
        tail -n 40 "$FOLDER"/server-* >&2
    fi
    rm -rf "$FOLDER"
    exit "$status"
}
trap finish EXIT
