#!/usr/bin/env bash
# Prints a folder with the programs of a bare machine, for use as the whole PATH: those of Debian's required packages, those of the packages that set-up installs
# (given as arguments), and dotnet. What a step needs beyond them is then not found, on a machine that has it, too.
# Without dpkg nobody knows which programs those are: prints the PATH as it is.
set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/artifacts/bare-programs
readonly folder
if ! command -v dpkg-query >/dev/null; then
    echo "$PATH"
    exit
fi

# apt is what set-up installs with; mawk, dash and others are reached by links, which count as what they lead to.
packages=$({
    dpkg-query -W -f '${Priority} ${Essential} ${db:Status-Abbrev} ${Package}\n' | awk '($1 == "required" || $2 == "yes") && $3 == "ii" { print $4 }'
    printf '%s\n' apt "$@"
    # python3-msgpack brings python3, whose program is in a package of its own.
    dpkg-query -W -f '${Package}\n' 'python3-minimal' 'python3.*-minimal' 2>/dev/null || true
} | sort -u)

rm -rf "$folder"
mkdir -p "$folder"
# shellcheck disable=SC2086
{ dpkg-query -L $packages 2>/dev/null || true; } | grep -E '/s?bin/[^/]+$' | xargs readlink -m | sort -u >"$folder/.known"
find -H /usr/sbin /usr/bin /sbin /bin -mindepth 1 -maxdepth 1 >"$folder/.here"
xargs readlink -m <"$folder/.here" | paste - "$folder/.here" \
    | awk -F '\t' 'NR == FNR { known[$0]; next } $1 in known { print $2 }' "$folder/.known" - | xargs ln -sf -t "$folder"
ln -sf "$(readlink -f "$(command -v dotnet)")" "$folder/dotnet"
echo "$folder"
