#!/usr/bin/env bash
# Runs the program as its image does, without an engine for images: as the Dockerfile's user, with its environment and command,
# without capabilities, with deploy/shop.toml, on a file system of which only /data can be written. Buys something, asks by the
# Dockerfile's own health check, gives the metrics to promtool, and ends it as an engine would. In namespaces of its own, so that
# nobody hears of it; that takes root on Linux.
#
#     scripts/check-deploy/program.sh /path/to/stoa
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "${2:-}" != inside ]; then
    exec unshare --mount --net --pid --fork --kill-child --propagation private "$0" "$(realpath "$1")" inside
fi
BINARY=$1
ROOT=$(mktemp -d)
# Gone with the namespace.
mount -t tmpfs -o mode=0755 tmpfs "$ROOT"
fail() {
    echo "$*" >&2
    tail -n 20 "$ROOT/log" >&2 || true
    exit 1
}
python3 - <<'PYTHON'
import fcntl, socket, struct
# The loopback of a new namespace is down: SIOCSIFFLAGS, UP and RUNNING.
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 0x49))
PYTHON

# The image in little: what Debian has in /usr and /etc/ssl, and the program.
IMAGE="$ROOT/image"
mkdir -p "$IMAGE"/{usr,etc/ssl,etc/stoa,data,dev,proc}
mount --bind "$IMAGE" "$IMAGE"
mount --bind /usr "$IMAGE/usr"
mount -o remount,bind,ro "$IMAGE/usr"
mount --bind /etc/ssl "$IMAGE/etc/ssl"
mount -o remount,bind,ro "$IMAGE/etc/ssl"
for folder in bin lib lib64; do
    if [ -L "/$folder" ]; then ln -s "usr/$folder" "$IMAGE/$folder"; elif [ -d "/$folder" ]; then
        mkdir "$IMAGE/$folder"
        mount --bind "/$folder" "$IMAGE/$folder"
        mount -o remount,bind,ro "$IMAGE/$folder"
    fi
done
cp /etc/ld.so.cache "$IMAGE/etc/"
touch "$IMAGE/dev/null"
mount --bind /dev/null "$IMAGE/dev/null"
cp "$BINARY" "$IMAGE/stoa"
cp deploy/shop.toml "$IMAGE/etc/stoa/shop.toml"
mount -t proc proc "$IMAGE/proc"

dockerfile() { sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' deploy/Dockerfile; }
OWNER=$(dockerfile | sed -n 's/^USER //p')
mapfile -t ENVIRONMENT < <(dockerfile | sed -n 's/^ENV //p' | tr -s ' ' '\n')
[[ "$OWNER" =~ ^[1-9][0-9]*:[1-9][0-9]*$ ]] || fail "The Dockerfile's last USER is no number other than root's: $OWNER"
[ ${#ENVIRONMENT[@]} -ge 4 ] || fail "The Dockerfile's ENV cannot be read: ${ENVIRONMENT[*]}"
mount -t tmpfs -o "mode=0750,uid=${OWNER%:*},gid=${OWNER#*:},size=64m" tmpfs "$IMAGE/data"
mount -o remount,bind,ro "$IMAGE"

# As the image's user, in a folder that it cannot write to: nothing may depend on where it is started.
AS_IMAGE=(chroot "$IMAGE" /usr/bin/setpriv --reuid "${OWNER%:*}" --regid "${OWNER#*:}" --clear-groups
    --no-new-privs --bounding-set=-all --inh-caps=-all
    /usr/bin/env -i "${ENVIRONMENT[@]}" STOA_CONFIG=/etc/stoa/shop.toml STOA_METRICS__LISTEN=127.0.0.1:9464)
for place in / /etc /usr /dev /stoa; do
    if "${AS_IMAGE[@]}" /usr/bin/test -w "$place"; then fail "$place can be written to: this would show nothing"; fi
done
"${AS_IMAGE[@]}" /usr/bin/test -w /data || fail "/data cannot be written to"

# What `demo` adds to `serve` is goods to buy.
"${AS_IMAGE[@]}" /stoa demo >"$ROOT/log" 2>&1 &
SERVER=$!
for _ in $(seq 300); do
    if "${AS_IMAGE[@]}" /stoa health 2>/dev/null; then break; fi
    kill -0 "$SERVER" 2>/dev/null || fail "It does not start:"
    sleep 0.1
done
"${AS_IMAGE[@]}" /stoa health || fail "It is not healthy:"
# shellcheck source=/dev/null
source <(sed -n '/^shell_blocks/,/^}/p' scripts/server.sh)
export SHOP=http://127.0.0.1:3000
STATUS=
shell_blocks README.md "## Buy something with curl" >"$ROOT/purchase.sh"
# shellcheck source=/dev/null
source "$ROOT/purchase.sh" >"$ROOT/said" 2>&1 || { tail -n 20 "$ROOT/said" >&2; fail "Nothing can be bought:"; }
[ "$STATUS" = PAID ] || fail "The order is ${STATUS:-not there} instead of PAID."
curl -fsS http://127.0.0.1:9464/metrics >"$ROOT/metrics"
grep -q '^stoa_' "$ROOT/metrics" || fail "There are no metrics."
promtool check metrics <"$ROOT/metrics" || fail "The metrics are not as Prometheus wants them."
kill -TERM "$SERVER"
wait "$SERVER" || fail "It did not end as it should ($?):"
! grep -Eiq 'permission denied|read-only file system' "$ROOT/log" || fail "It wanted to write where it may not:"
