#!/usr/bin/env bash
# Plays "Backup and restore" of deploy/runbook.md, command by command as it stands there, with the release binary: on SQLite, from
# a dump of Postgres, and to a moment of Postgres' log. Each time something is bought before the backup and something after it; what
# is restored must have the one and not the other, and the doctor must find nothing. Only paths and the moment are put in: what the
# runbook has at the root is in a folder that is thrown away. The Postgres is a private one.
set -euo pipefail
cd "$(dirname "$0")/.."
HERE=$PWD
source scripts/server.sh
BINARY=$(realpath "$BINARY")

if ! POSTGRES_BIN=$(scripts/postgres-folder.sh); then
    echo "There is no Postgres (initdb, pg_ctl): scripts/tools.sh installs it." >&2
    exit 1
fi
PATH="$POSTGRES_BIN:$PATH"
# Postgres' user must get through to its own folder in it. It refuses to run as root.
chmod 711 "$FOLDER"
AS=()
if [ "$(id -u)" -eq 0 ]; then
    AS=(runuser -u "$(id -un postgres 2>/dev/null || echo nobody)" --)
fi
RUNNING=
SAID="$FOLDER/said"
: >"$SAID"

as_owner() { (cd / && ${AS[@]+"${AS[@]}"} "$@"); }
# Makes folders (or what is in them) the database's own, which it insists on.
give_away() {
    if [ ${#AS[@]} -gt 0 ]; then chown -R "${AS[2]}" "$@"; fi
}
# As the runbook calls it: as the owner of the data.
pg_ctl() {
    local data=$2
    give_away "$data"
    chmod 700 "$data"
    : >"$data.log"
    give_away "$data.log"
    RUNNING=$data
    as_owner "$POSTGRES_BIN/pg_ctl" "$@"
}
stop_postgres() {
    if [ -z "$RUNNING" ]; then return; fi
    as_owner "$POSTGRES_BIN/pg_ctl" -D "$RUNNING" -m immediate -w stop >>"$SAID" 2>&1
    RUNNING=
}
end() {
    local status=$?
    if [ "$status" -ne 0 ]; then
        echo "-- the last that was done:" >&2
        tail -n 30 "$SAID" >&2
    fi
    stop_postgres || true
    (exit "$status") || true
    finish "$status"
}
trap end EXIT

stoa() {
    if [ "$1" != --data-dir ]; then
        set -- --data-dir "$FOLDER/data" "$@"
    elif [ ! -e "$2/sandbox.jsonl" ]; then
        # Play money is in no backup: the runbook says to take it along.
        cp "$FOLDER/data/sandbox.jsonl" "$2/sandbox.jsonl"
    fi
    "$BINARY" "$@"
}

# The Nth shell block of a section of the runbook, with every path below FOLDER, one command a line.
block() {
    shell_blocks deploy/runbook.md "$1" "$2" "${3-sh}" | sed -E "s#(^|[ '=])/(data|backup|archive|restored)\b#\1$FOLDER/\2#g"
}
play() {
    local commands="$FOLDER/commands.sh"
    # As it stands there, and noted: a failing command in the middle of a list would go unseen.
    block "$@" | sed 's/ && /\n/g' | grep -v '^docker compose ' >"$commands"
    if [ ! -s "$commands" ]; then
        echo "The runbook has no block $2 in its section \"$1\"." >&2
        exit 1
    fi
    if [ -n "${MOMENT:-}" ]; then sed -i.before -E "s/(recovery_target_time = ).*/\1'$MOMENT'/" "$commands"; fi
    { echo "-- $1, block $2"; cat "$commands"; } >>"$SAID"
    # What it says is looked at by some.
    cd "$FOLDER"
    # shellcheck source=/dev/null
    source "$commands" >"$FOLDER/output" 2>>"$SAID"
    cd "$HERE"
    cat "$FOLDER/output" >>"$SAID"
}
expect() {
    local what=$1 found=$2 expected=$3
    if [ "$found" != "$expected" ]; then
        echo "$what: $found instead of $expected" >&2
        exit 1
    fi
}

# The purchase of the README, until it is PAID.
buy() {
    shell_blocks README.md "## Buy something with curl" >"$FOLDER/purchase.sh"
    STATUS=
    # shellcheck source=/dev/null
    source "$FOLDER/purchase.sh" >>"$SAID" 2>&1
    expect "the order" "$STATUS" PAID
    BOUGHT=$TOKEN
}
# Whether the shop that runs knows the order: its status, or null.
known() {
    curl -fsS "$SHOP/graphql" -H 'content-type: application/json' --data-binary @- <<<'{"query":
        "{ order(lookup: { token: \"'"$1"'\" }) { financialStatus } }"}' | jq -r '.data.order.financialStatus'
}
# The server is given what was restored: what was bought before the backup is there, what was bought after it is not.
remembers() {
    local what=$1
    start_server serve
    expect "$what: bought before the backup" "$(known "$KEPT")" PAID
    expect "$what: bought after the backup" "$(known "$LOST")" null
    buy
    stop_servers
    stoa doctor >>"$SAID" 2>&1
    printf '  %s\n' "$what: backed up, restored, examined, sold from"
}
# After a restore the gateway knows more than the shop does.
after_a_restore() {
    stoa reconcile >>"$SAID" 2>&1
    stoa doctor --fix --payments 2000 >>"$SAID" 2>&1
}

sqlite() {
    mkdir "$FOLDER/backup"
    start_server demo
    buy
    KEPT=$BOUGHT
    mkdir -p "$FOLDER/data/media/private/somebody"
    echo theirs >"$FOLDER/data/media/private/somebody/my-data.json"
    play "### SQLite" 1
    expect "the backup's integrity" "$(cat "$FOLDER/output")" ok
    buy
    LOST=$BOUGHT
    stop_servers
    play "### SQLite" 2
    mv "$FOLDER/data" "$FOLDER/data.old"
    mv "$FOLDER/data.new" "$FOLDER/data"
    expect "a file" "$(cat "$FOLDER/data/media/private/somebody/my-data.json")" theirs
    after_a_restore
    remembers "SQLite"
    rm -r "$FOLDER/data" "$FOLDER/data.old" "$FOLDER/backup"
}

# A server with its log put aside as the runbook says, on a port of its own, and DATABASE set to its address.
start_postgres() {
    local port
    mkdir "$FOLDER/postgres" "$FOLDER/archive" "$FOLDER/backup"
    give_away "$FOLDER/postgres" "$FOLDER/archive"
    as_owner initdb -D "$FOLDER/postgres" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >>"$SAID" 2>&1
    block "### Postgres: to any moment" 1 "" >>"$FOLDER/postgres/postgresql.conf"
    for _ in 1 2 3 4 5; do
        port=$((12000 + RANDOM % 10000))
        printf '%s\n' "port = $port" "listen_addresses = '127.0.0.1'" "unix_socket_directories = ''" >>"$FOLDER/postgres/postgresql.conf"
        # It waits for what the process notes in its own folder: whoever else has the port is not taken for it.
        if pg_ctl -D "$FOLDER/postgres" -l "$FOLDER/postgres.log" -w start >>"$SAID" 2>&1; then
            DATABASE="postgres://postgres@127.0.0.1:$port/shop"
            createdb --maintenance-db="${DATABASE%/*}/postgres" shop
            export STOA_DATABASE__URL=$DATABASE
            # One instance, and so one folder.
            export STOA_MEDIA__SHARED=true
            return
        fi
        RUNNING=
    done
    cat "$FOLDER/postgres.log" >&2
    exit 1
}

dump() {
    play "### Postgres: a dump" 1
    buy
    LOST=$BOUGHT
    stop_servers
    play "### Postgres: a dump" 2
    export STOA_DATABASE__URL="${DATABASE%/*}/shop_restored"
    after_a_restore
    remembers "Postgres, a dump"
    export STOA_DATABASE__URL=$DATABASE
}

# Waits until the piece of the log that is written now is put aside.
put_aside() {
    local piece
    piece=$(psql -XAtq "$DATABASE" -c 'SELECT pg_walfile_name(pg_switch_wal())')
    for _ in $(seq 300); do
        if [ -f "$FOLDER/archive/$piece" ] &&
            [ "$(psql -XAtq "$DATABASE" -c "SELECT last_archived_wal >= '$piece' FROM pg_stat_archiver")" = t ]; then return; fi
        sleep 0.1
    done
    echo "Postgres does not put $piece aside." >&2
    exit 1
}
to_any_moment() {
    start_server serve
    play "### Postgres: to any moment" 1
    buy
    KEPT=$BOUGHT
    MOMENT=$(psql -XAtq "$DATABASE" -c 'SELECT clock_timestamp()')
    buy
    LOST=$BOUGHT
    stop_servers
    put_aside
    # As if its machine were lost.
    stop_postgres
    play "### Postgres: to any moment" 2
    MOMENT=
    after_a_restore
    remembers "Postgres, to a moment"
}

sqlite
start_postgres
start_server demo
buy
KEPT=$BOUGHT
dump
to_any_moment
stop_postgres
echo "The runbook's backups can be restored. (Left out: the dump and the files by docker compose, which wants a Docker engine.)"
