#!/usr/bin/env bash
# Whether the crates we build on are those that deny.toml lets in: their licences, where they come from, none that is banned, and none
# with a published flaw. What is found is said on standard error; one sentence on standard output says what was looked at.
#
# Published flaws are RustSec's, a git repository that is fetched each time. Where it cannot be had they are not looked at: this says so
# and goes on, unless STOA_ADVISORIES=require. A mirror is named to git: git config --global url.<mirror>.insteadOf <its address>.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo deny --version >/dev/null 2>&1; then
    echo "cargo-deny is missing: scripts/tools.sh installs it, or cargo install --locked cargo-deny." >&2
    exit 1
fi

# A repository that does not answer keeps nobody waiting, and one that asks for a password gets none.
fetch() {
    local bound=()
    if command -v timeout >/dev/null; then bound=(timeout --kill-after=10 60); fi
    GIT_TERMINAL_PROMPT=0 ${bound[@]+"${bound[@]}"} cargo deny --locked fetch db
}

checks=(licenses sources bans)
if said=$(fetch 2>&1); then
    checks+=(advisories)
elif [ "${STOA_ADVISORIES:-}" = require ]; then
    printf '%s\nPublished flaws of our crates cannot be looked at: the database is not to be had.\n' "$said" >&2
    exit 1
fi

cargo deny --locked check --deny warnings "${checks[@]}" >&2

case " ${checks[*]} " in
*" advisories "*) echo "crates: licences, sources, bans and published flaws looked at" ;;
*)
    printf '%s\n' "$said" >&2
    echo "crates: licences, sources and bans looked at; PUBLISHED FLAWS WERE NOT, the database cannot be fetched from here" ;;
esac
