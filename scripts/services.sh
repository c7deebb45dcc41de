#!/usr/bin/env bash
# Runs a command beside a private Postgres, a private Redis and a private Redis Cluster of three nodes, on free ports of this
# machine, with data that are thrown away:
#
#     scripts/services.sh cargo nextest run --workspace
#
# The command finds them in STOA_TEST_DATABASE, STOA_TEST_REDIS and STOA_TEST_REDIS_CLUSTER. DATABASE_URL, REDIS_URL and
# REDIS_CLUSTER_URL (three addresses with commas between) name other servers to be used instead; those are neither started nor
# stopped here. Only what is started here is ever stopped; tests that kill, pause or flood a server start one for themselves.
#
# On a Postgres that DATABASE_URL names, everything is made under names that begin with STOA_TEST_RUN (run_1a2b3c4d_), and dropped
# in the end; only a run that is killed leaves some of it. Its user must be allowed to make schemas in that database, to make
# databases, and to set deadlock_timeout:
#
#     GRANT CREATE ON DATABASE tests TO tester; ALTER ROLE tester CREATEDB; GRANT SET ON PARAMETER deadlock_timeout TO tester;
#
# (Before Postgres 15 only a superuser may do the last.) Keys in a Redis that REDIS_URL names have names of their own and end by themselves, with the carts.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -eq 0 ]; then
    sed -n '2,18s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

FOLDER=$(mktemp -d)
# The database's user must get through to its own folder in it.
chmod 711 "$FOLDER"
PIDS=()
POSTGRES_BIN=
POSTGRES_USER_CMD=()

finish() {
    local status=$? pid
    if [ -n "${DATABASE_URL:-}" ] && [ -n "${RIGHTS_CHECKED:-}" ] && ! drop_what_is_ours; then
        if [ "$status" -eq 0 ]; then status=1; fi
    fi
    if [ -f "$FOLDER/postgres/postmaster.pid" ]; then
        "${POSTGRES_USER_CMD[@]+"${POSTGRES_USER_CMD[@]}"}" "$POSTGRES_BIN/pg_ctl" -D "$FOLDER/postgres" -m immediate -w stop >/dev/null || true
    fi
    for pid in ${PIDS[@]+"${PIDS[@]}"}; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$FOLDER"
    exit "$status"
}

# A statement on the Postgres that is not ours; prints what it gives, bare.
on_theirs() {
    PGOPTIONS='-c client_min_messages=warning' psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
        "$DATABASE_URL" "$@"
}

# What the run needs is looked for before it begins: a test that fails for want of a right tells less.
check_rights() {
    local lacks parameter="has_parameter_privilege('deadlock_timeout', 'SET')"
    if ! command -v psql >/dev/null; then
        echo "There is no psql, to clean up on the server of DATABASE_URL: scripts/tools.sh installs it." >&2
        exit 1
    fi
    if [ "$(on_theirs --command 'SHOW server_version_num')" -lt 150000 ]; then parameter=rolsuper; fi
    lacks=$(on_theirs --command "SELECT concat_ws(', ',
            CASE WHEN NOT has_database_privilege(current_database(), 'CREATE') THEN 'CREATE on the database' END,
            CASE WHEN NOT (rolsuper OR rolcreatedb) THEN 'CREATEDB' END,
            CASE WHEN NOT (rolsuper OR $parameter) THEN 'SET on the parameter deadlock_timeout' END)
        FROM pg_roles WHERE rolname = current_user")
    if [ -n "$lacks" ]; then
        echo "The user of DATABASE_URL lacks: $lacks. See the top of scripts/services.sh." >&2
        exit 1
    fi
    RIGHTS_CHECKED=yes
}

# Databases and schemas of this run, each as the statement that drops it.
ours() {
    on_theirs --command "
        SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE);', datname) FROM pg_database WHERE starts_with(datname, '$STOA_TEST_RUN')
        UNION ALL SELECT format('DROP SCHEMA IF EXISTS %I CASCADE;', nspname) FROM pg_namespace WHERE starts_with(nspname, '$STOA_TEST_RUN')"
}
drop_what_is_ours() {
    local left
    # One by one: each locks all that is in it.
    ours | on_theirs --set ON_ERROR_STOP=0 --file - >/dev/null || true
    if ! left=$(ours) || [ -n "$left" ]; then
        printf 'Something of this run (%s) is left on the server of DATABASE_URL:\n%s\n' "$STOA_TEST_RUN" "$left" >&2
        return 1
    fi
}

trap finish EXIT
trap 'exit 130' INT TERM

# A port nobody listens on. Somebody may take it before we do, so whoever uses it tries again with another. Below the ports
# that systems give to outgoing connections, and with room above for a cluster's second port.
free_port() {
    local port
    while :; do
        port=$((12000 + RANDOM % 10000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && ! (exec 3<>"/dev/tcp/127.0.0.1/$((port + 10000))") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
}

start_postgres() {
    if ! POSTGRES_BIN=$(scripts/postgres-folder.sh); then
        echo "There is no Postgres (initdb, pg_ctl): scripts/tools.sh installs it, or DATABASE_URL names one." >&2
        exit 1
    fi
    mkdir "$FOLDER/postgres"
    if [ "$(id -u)" -eq 0 ]; then
        # It refuses to run as root.
        local user=nobody
        if id postgres >/dev/null 2>&1; then user=postgres; fi
        chown "$user" "$FOLDER/postgres"
        POSTGRES_USER_CMD=(runuser -u "$user" --)
    fi
    local as=(${POSTGRES_USER_CMD[@]+"${POSTGRES_USER_CMD[@]}"})
    (cd / && ${as[@]+"${as[@]}"} "$POSTGRES_BIN/initdb" -D "$FOLDER/postgres" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync) \
        >"$FOLDER/postgres.out" 2>&1 || { cat "$FOLDER/postgres.out" >&2; exit 1; }
    local port options
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        # Nothing here outlives a power cut anyway. Each test has connections of its own, and many run at once.
        options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=${POSTGRES_FSYNC:-off} -c full_page_writes=${POSTGRES_FSYNC:-off}"
        options="$options -c max_connections=400"
        # A log that nobody replays is kept short: the tests write gigabytes, and a disk has been full of it. Who measures wants it as in a shop.
        case ${POSTGRES_FSYNC:-off} in
            off) options="$options -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=512MB" ;;
            *) options="$options -c max_wal_size=4GB" ;;
        esac
        if (cd / && ${as[@]+"${as[@]}"} "$POSTGRES_BIN/pg_ctl" -D "$FOLDER/postgres" -l "$FOLDER/postgres/log" -o "$options" -w start) \
            >"$FOLDER/postgres.out" 2>&1; then
            export STOA_TEST_DATABASE="postgres://postgres@127.0.0.1:$port/postgres"
            return
        fi
    done
    cat "$FOLDER/postgres.out" "$FOLDER/postgres/log" >&2
    exit 1
}

# Starts a Redis with what more it is told, and sets PORT.
start_redis() {
    local folder
    if ! command -v redis-server >/dev/null; then
        echo "There is no redis-server: scripts/tools.sh installs it, or REDIS_URL and REDIS_CLUSTER_URL name some." >&2
        exit 1
    fi
    for _ in 1 2 3 4 5; do
        PORT=$(free_port)
        folder="$FOLDER/redis-$PORT"
        mkdir -p "$folder"
        redis-server --port "$PORT" --bind 127.0.0.1 --dir "$folder" --save '' --appendonly no --loglevel warning "$@" >"$folder/log" 2>&1 &
        local pid=$!
        for _ in $(seq 100); do
            # Somebody else may answer at the port: ours is known by the number of its process.
            if redis-cli -p "$PORT" info server 2>/dev/null | tr -d '\r' | grep -qx "process_id:$pid"; then
                PIDS+=("$pid")
                return
            fi
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.05
        done
        kill "$pid" 2>/dev/null || true
    done
    cat "$folder/log" >&2
    exit 1
}

start_cluster() {
    local nodes=() urls=() port
    for _ in 1 2 3; do
        start_redis --cluster-enabled yes --cluster-config-file nodes.conf --cluster-node-timeout 2000
        nodes+=("127.0.0.1:$PORT")
        urls+=("redis://127.0.0.1:$PORT")
    done
    redis-cli --cluster create "${nodes[@]}" --cluster-yes >"$FOLDER/cluster.out" 2>&1 || { cat "$FOLDER/cluster.out" >&2; exit 1; }
    for node in "${nodes[@]}"; do
        port=${node#*:}
        for _ in $(seq 200); do
            if redis-cli -p "$port" cluster info | grep -q 'cluster_state:ok'; then continue 2; fi
            sleep 0.05
        done
        echo "The Redis Cluster does not come up:" >&2
        redis-cli -p "$port" cluster info >&2
        exit 1
    done
    export STOA_TEST_REDIS_CLUSTER
    STOA_TEST_REDIS_CLUSTER=$(IFS=,; echo "${urls[*]}")
}

STOA_TEST_RUN="run_$(od -An -N4 -tx4 /dev/urandom | tr -d ' \n')_"
export STOA_TEST_RUN
if [ -n "${DATABASE_URL:-}" ]; then
    check_rights
    export STOA_TEST_DATABASE=$DATABASE_URL
else
    start_postgres
fi
if [ -n "${REDIS_URL:-}" ]; then
    export STOA_TEST_REDIS=$REDIS_URL
else
    start_redis
    export STOA_TEST_REDIS="redis://127.0.0.1:$PORT"
fi
if [ -n "${REDIS_CLUSTER_URL:-}" ]; then export STOA_TEST_REDIS_CLUSTER=$REDIS_CLUSTER_URL; else start_cluster; fi

"$@"
