#!/usr/bin/env bash
# Checks every file under deploy/ with a tool that knows its format, and all of them against each other and the program. The
# tools are fetched when they are not there (check-deploy/tools.sh). Changes nothing; the servers it starts are the proxy, for a
# moment and on loopback, and the shop, in namespaces of its own. Ends with what could not be checked here.
set -euo pipefail
cd "$(dirname "$0")/.."

TOOLS=$(scripts/check-deploy/tools.sh)
# What is on the PATH goes first: that is what tools.sh has looked for.
PATH="$PATH:/usr/sbin:$TOOLS/bin:$TOOLS/python/bin"
PYTHON="$TOOLS/python/bin/python"
# Nothing is left beside the checks.
export PYTHONDONTWRITEBYTECODE=1
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT

# Runs a check; what it says matters when it fails.
check() {
    local what=$1
    shift
    if ! "$@" >"$SCRATCH/said" 2>&1; then
        cat "$SCRATCH/said" >&2
        echo "deploy: $what: not as it should be" >&2
        exit 1
    fi
    printf '  %s\n' "$what"
}
LEFT_OUT=()
kustomize_build() {
    if command -v kustomize >/dev/null; then kustomize build "$1"; else kubectl kustomize "$1"; fi
}

check "Dockerfile (hadolint)" hadolint deploy/Dockerfile

check "compose.yaml (schema of the Compose specification)" \
    check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
# A .env with something in every line, for the reading of the file alone.
sed 's/^\([A-Z_]*\)=$/\1=example/' deploy/env.example >"$SCRATCH/env"
if docker compose version >/dev/null 2>&1; then
    check "compose.yaml (docker compose)" \
        docker compose --env-file "$SCRATCH/env" -f deploy/compose.yaml config --quiet
else
    LEFT_OUT+=("compose.yaml as \`docker compose config\` reads it: there is no docker compose")
fi
# HAProxy reads the certificates as well: one of our own, of no worth.
mkdir "$SCRATCH/certs"
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost \
    -keyout "$SCRATCH/key" -out "$SCRATCH/certificate" 2>/dev/null
cat "$SCRATCH/key" "$SCRATCH/certificate" >"$SCRATCH/certs/shop.pem"
sed "s|/certs/|$SCRATCH/certs/|" deploy/haproxy.cfg >"$SCRATCH/haproxy.cfg"
check "haproxy.cfg (haproxy)" haproxy -c -f "$SCRATCH/haproxy.cfg"
check "haproxy.cfg (what its log tells)" "$PYTHON" scripts/check-deploy/proxy_log.py "$SCRATCH/haproxy.cfg"

check "Prometheus' configuration and rules (promtool)" promtool check config deploy/prometheus/prometheus*.yml
check "tests of the alerts (promtool)" promtool test rules deploy/prometheus/tests/*.yml

for overlay in deploy/k8s/base deploy/k8s/overlays/*; do
    check "${overlay#deploy/} (kustomize)" kustomize_build "$overlay"
    cp "$SCRATCH/said" "$SCRATCH/built.yaml"
    # The oldest version that knows everything we use, and the newest that the schemas are here of.
    for version in 1.30.0 1.37.0; do
        check "${overlay#deploy/} (schemas of Kubernetes $version)" \
            kubernetes-validate --strict --kubernetes-version "$version" "$SCRATCH/built.yaml"
    done
    check "${overlay#deploy/} (what pods may and must)" "$PYTHON" scripts/check-deploy/kubernetes.py "$SCRATCH/built.yaml"
done
check "scripts (shellcheck)" shellcheck --external-sources deploy/k8s/roll-out.sh scripts/*.sh scripts/check-deploy/*.sh

check "Grafana's dashboards and provisioning (Grafana's types, its documented fields)" \
    "$PYTHON" scripts/check-deploy/grafana.py "$TOOLS/grafana/node_modules" "$SCRATCH"

check "compose.yaml (what services may and must)" "$PYTHON" scripts/check-deploy/compose.py
check "settings (every one is one of the program's)" "$PYTHON" scripts/check-deploy/settings.py
check "metrics, alerts, dashboards, runbook (against each other)" "$PYTHON" scripts/check-deploy/metrics.py

# Whoever has built no program yet wants to know about the files.
BINARY=${BINARY:-${CARGO_TARGET_DIR:-target}/release/stoa}
if [ ! -x "$BINARY" ]; then
    LEFT_OUT+=("shop.toml, the Dockerfile's user and environment, and the metrics, with the program: there is no $BINARY")
elif [ "$(id -u)" -ne 0 ] || ! unshare --mount --net --pid --fork true 2>/dev/null; then
    LEFT_OUT+=("shop.toml, the Dockerfile's user and environment, and the metrics, with the program: that takes root on Linux")
else
    check "shop.toml, the Dockerfile's user and environment, the metrics (the program, promtool)" \
        scripts/check-deploy/program.sh "$BINARY"
fi
LEFT_OUT+=("the image itself and its size: they take an engine, \`docker build -f deploy/Dockerfile .\`")
LEFT_OUT+=("Grafana's provisioning as Grafana itself reads it, and what a real cluster says to k8s/")

for what in "${LEFT_OUT[@]}"; do
    printf '  NOT CHECKED: %s\n' "$what"
done
echo "deploy: all files are as they should be ($SECONDS s)"
