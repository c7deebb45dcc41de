#!/usr/bin/env bash
# Rolls an overlay out, migration first:
#
#     deploy/k8s/roll-out.sh deploy/k8s/overlays/example
#
# Stops where something fails; what runs by then goes on running. kubectl decides which cluster it is.
set -euo pipefail

if [ $# -ne 1 ] || [ ! -f "$1/kustomization.yaml" ]; then
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
OVERLAY=$1
NAMESPACE=$(sed -n 's/^namespace: *//p' "$OVERLAY/kustomization.yaml")
NAMESPACE=${NAMESPACE:?"$OVERLAY/kustomization.yaml names no namespace"}
WITHIN=${WITHIN:-60m}

# A Job cannot be changed: the last release's goes.
kubectl -n "$NAMESPACE" delete job stoa-migrate --ignore-not-found --wait
kubectl apply -k "$OVERLAY" -l 'app.kubernetes.io/component=settings'
kubectl apply -k "$OVERLAY" -l 'app.kubernetes.io/component=migrate'
# Waits for its end, whichever it is: of the two conditions one never comes.
until kubectl -n "$NAMESPACE" wait --for=condition=complete --timeout=5s job/stoa-migrate 2>/dev/null; do
    if kubectl -n "$NAMESPACE" wait --for=condition=failed --timeout=0 job/stoa-migrate 2>/dev/null; then
        kubectl -n "$NAMESPACE" logs job/stoa-migrate >&2
        echo "The migration failed; nothing was rolled out." >&2
        exit 1
    fi
    # Longer than the Job is allowed to take.
    if [ "$SECONDS" -gt 3900 ]; then
        echo "The migration does not end, or the cluster does not say so; nothing was rolled out." >&2
        exit 1
    fi
done
kubectl apply -k "$OVERLAY"
kubectl -n "$NAMESPACE" rollout status deployment/stoa --timeout="$WITHIN"
