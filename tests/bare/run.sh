#!/usr/bin/env bash
# Runs a command, .ci/run by default, in a fresh clone on a machine that has the .NET SDK and nothing else: a folder with a minimal Debian in it, no home, no git, no
# settings, no caches. Its packages come from where apt and NuGet of this machine are configured to look. Needs root on Debian or Ubuntu, and 3 GB in FAL_BARE.
#
#   tests/bare/run.sh                          # .ci/run
#   tests/bare/run.sh ./build.sh test -class "*.SyncDirTests"
#   tests/bare/run.sh dotnet run --project samples/Quickstart
#
# FAL_BARE        the folder for all of it, outside of the repository; by default fal-bare among the temporary files. What it keeps is the base system; delete it at will.
# FAL_BARE_COMMIT what to clone; by default the commit that is checked out.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly repository
readonly folder=${FAL_BARE:-${TMPDIR:-/tmp}/fal-bare}
readonly base=$folder/base
# What Microsoft lists as needed by the SDK itself: it belongs to having the SDK. libicu and libssl carry their versions in their names.
readonly sdk_needs='ca-certificates libc6 libgcc-s1 libstdc++6 tzdata zlib1g ^libicu[0-9]+$ ^libssl[0-9]+(t64)?$'

fail() {
    echo "tests/bare/run.sh: $*" >&2
    exit 2
}

# The first place where apt of this machine looks for this system's main packages.
mirror() {
    apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' \
        | awk -v name="$1" '$1 == name && $2 == "main" { print $3; exit }'
}

make_base() {
    # shellcheck disable=SC1091
    local name uri
    name=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    uri=$(mirror "$name")
    if [[ -z "$uri" ]]; then
        # Its lists may never have been read.
        apt-get update -qq
        uri=$(mirror "$name")
    fi

    [[ -n "$uri" ]] || fail "apt of this machine does not say where the packages of '$name' are."
    command -v debootstrap >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null

    echo "Making a base system in $base"
    rm -rf "$base.new"
    debootstrap --variant=minbase "$name" "$base.new" "$uri" >"$folder/debootstrap.log" 2>&1 || fail "debootstrap failed: see $folder/debootstrap.log"
    # Where apt of this machine looks, and whom it trusts.
    cp -a /etc/apt/. "$base.new/etc/apt/"
    cp -a /usr/share/keyrings/. "$base.new/usr/share/keyrings/"
    [[ ! -f /etc/apt/sources.list ]] && rm -f "$base.new/etc/apt/sources.list"
    copy_network "$base.new"

    local package
    chroot "$base.new" apt-get update -qq
    for package in $sdk_needs; do
        # A name stands for itself, a pattern for the newest that fits.
        [[ "$package" != ^* ]] || package=$(chroot "$base.new" apt-cache search --names-only "$package" | cut -d' ' -f1 | sort -V | tail -1)
        DEBIAN_FRONTEND=noninteractive chroot "$base.new" apt-get install -y -qq --no-install-recommends "$package" >>"$folder/debootstrap.log" 2>&1
    done

    chroot "$base.new" apt-get clean
    mv "$base.new" "$base"
}

copy_network() {
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
}

# The SDK, and how NuGet of this machine is told where to look: by its settings for all users, so that there is no home.
add_sdk() {
    local dotnet
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    mkdir -p "$root/usr/share/dotnet"
    mount --bind "$dotnet" "$root/usr/share/dotnet"
    mount -o remount,bind,ro "$root/usr/share/dotnet"
    ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"

    local settings
    mkdir -p "$root/etc/opt/NuGet/Config"
    for settings in "${HOME:-/root}"/.nuget/NuGet/*.[Cc]onfig "${HOME:-/root}"/.config/NuGet/*.[Cc]onfig /etc/opt/NuGet/Config/*.[Cc]onfig; do
        [[ ! -f "$settings" ]] || cp "$settings" "$root/etc/opt/NuGet/Config/"
    done
}

add_clone() {
    mkdir "$root/repository"
    git clone -q --no-hardlinks "$repository" "$root/repository/clone"
    git -C "$root/repository/clone" -c advice.detachedHead=false checkout -q "${FAL_BARE_COMMIT:-$(git -C "$repository" rev-parse HEAD)}"
    [[ ! -d "$repository/../shared" ]] || cp -a "$repository/../shared" "$root/repository/shared"
}

# Of this machine's surroundings a bare one has where packages come from and whom to trust there, nothing else.
surroundings() {
    local name
    echo PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY NUGET_CERT_REVOCATION_MODE; do
        [[ -z "${!name:-}" ]] || echo "$name=${!name}"
    done

    if [[ -f "${SSL_CERT_FILE:-}" ]]; then
        mkdir -p "$root/etc/ssl"
        cp -L "$SSL_CERT_FILE" "$root/etc/ssl/bare.pem"
        echo SSL_CERT_FILE=/etc/ssl/bare.pem
    fi
}

# Within a mount and a process namespace of its own: what is left running or mounted ends with it.
run() {
    cp -a "$base/." "$root"
    copy_network "$root"
    add_clone
    mapfile -t settings < <(surroundings)

    mount --bind "$root" "$root"
    add_sdk
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mkdir "$root/outside"
    # A root of its own as a machine has it, not one that chroot leads into: there users may make namespaces, as on a machine.
    env -i "${settings[@]}" unshare --mount bash -c '
        set -e
        cd "$1"
        pivot_root . outside
        cd /
        umount -l /outside
        rmdir /outside 2>/dev/null || :
        cd /repository/clone
        shift
        exec "$@"' bash "$root" "$@" </dev/null
}

[[ "$(id -u)" == 0 ]] || fail "Only root can make such a machine."
if [[ "${1:-}" == --inside ]]; then
    readonly root=$2
    shift 2
    run "$@"
    exit
fi

(($# > 0)) || set -- .ci/run
mkdir -p "$folder"
[[ -d "$base" ]] || make_base
root=$(mktemp -d "$folder/root.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
chmod 755 "$root"
unshare --mount --pid --fork --kill-child "${BASH_SOURCE[0]}" --inside "$root" "$@"
