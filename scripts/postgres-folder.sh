#!/usr/bin/env bash
# Prints the folder with Postgres' own programs (initdb, pg_ctl), the newest there is; fails if there is none. They are seldom
# on the path: Debian's packages, Postgres' own for Red Hat, and Homebrew each have a place for them.
set -euo pipefail

found=
for folder in "$(dirname "$(command -v initdb || echo /nowhere/initdb)")" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
    /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then found=$folder; fi
done
[ -n "$found" ] && echo "$found"
