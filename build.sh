#!/usr/bin/env bash
# One command does what CI does. Without an argument: restore, format, build, test, pack, check the packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

readonly solution=FalServerless.sln
readonly results=artifacts/test-results

usage() {
    cat <<'USAGE'
./build.sh [command]
  setup      install what the tests need beside the .NET SDK (python3-msgpack, git), where that is possible; with CI=true it must be
  restore    restore packages; with CI=true the lock files must match
  format     check that the code is formatted as CSharpier does, in lines of 140 characters at most; changes nothing
  build      build everything in Release, warnings are errors
  test       set up, build, run every test; further arguments go to the test programs (-class, -method, ...)
             test unit: only the tests that start no process, without set-up; test integration: only the others
  pack       make the packages in artifacts/package/release
  check-packages
             pack, and use the packages as a user does: in empty folders, with an empty NuGet cache
  bench      run the benchmarks; further arguments go to them; installs rsync, which uploads are measured beside
             bench picture: draw docs/images/bench.svg from bench/figures.txt; bench picture record: measure first
No command: restore, format, build, test, pack, check-packages.
USAGE
}

in_ci() { [[ "${CI:-}" == true ]]; }

done_steps=' '

# Runs a step unless this call of the script has run it already.
once() {
    if [[ "$done_steps" != *" $1 "* ]]; then
        "$1"
        done_steps+="$1 "
    fi
}

has_msgpack() { /usr/bin/python3 -c 'import msgpack' 2>/dev/null; }

missing_packages() {
    has_msgpack || echo python3-msgpack
    command -v git >/dev/null || echo git
}

setup() {
    local missing
    missing=$(missing_packages | xargs)
    if [[ -z "$missing" ]]; then
        return
    fi

    if [[ "$(id -u)" != 0 ]]; then
        echo "Missing: $missing; the tests that need it will skip. Install it with: sudo apt-get install $missing"
    elif ! command -v apt-get >/dev/null; then
        echo "Missing: $missing, and there is no apt-get to install it with; the tests that need it will skip."
    else
        echo "Installing $missing"
        # An update may fail for one source of several; whether the install works is what counts.
        apt-get update -qq </dev/null || true
        # One by one: what is not to be had must not keep the other from coming.
        local package
        for package in $missing; do
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" </dev/null >/dev/null || true
        done

        missing=$(missing_packages | xargs)
        if [[ -n "$missing" ]]; then
            echo "Missing: $missing; installing it failed, and the tests that need it will skip."
        fi
    fi

    # There no test may skip, so the rest need not begin.
    [[ -z "$missing" ]] || ! in_ci
}

# For Release: only that brings what precompiling needs.
restore() {
    if in_ci; then
        dotnet restore "$solution" -p:Configuration=Release --locked-mode
    else
        dotnet restore "$solution" -p:Configuration=Release
    fi
}

format() {
    dotnet tool restore
    dotnet csharpier check src tests samples bench

    # The formatter breaks no string and no comment.
    local long
    long=$(git ls-files '*.cs' | LC_ALL=C.UTF-8 xargs grep -nP '^.{141,}' || true)
    if [[ -n "$long" ]]; then
        echo "Longer than 140 characters:"
        cut -c1-200 <<<"$long"
        return 1
    fi
}

build() {
    once restore
    dotnet build "$solution" --configuration Release --no-restore -warnaserror
}

# The sum of one count over the assemblies of the reports.
count() {
    { grep -ho "<assembly [^>]*>" /dev/null "${@:2}" || true; } | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

skipped_tests() {
    grep -ho '<test [^>]*>' "$@" | grep ' result="Skip"' | sed 's/.* name="\([^"]*\)".*/  \1/' \
        | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

# Runs a test program, which leaves its report. Fails where it did not run to its end; what failed in it is in the report.
run_tests() {
    local name=$1 report="$results/$1.xml" status=0
    rm -f "$report"
    "artifacts/bin/$name/release/$name" -noLogo -noColor -xml "$report" "${@:2}" </dev/null || status=$?

    if ! grep -q '</assemblies>' "$report" 2>/dev/null; then
        echo "$name ended with exit code $status and left no report: it crashed, or its arguments are wrong."
        rm -f "$report"
        return 1
    fi

    # Where no test fits the arguments, the other program may have one.
    if ((status != 0 && $(count total "$report") > 0 && $(count failed "$report") + $(count errors "$report") == 0)); then
        echo "$name ended with exit code $status after its last test."
        return 1
    fi
}

test() {
    local programs=(FalServerless.UnitTests FalServerless.IntegrationTests)
    if [[ "${1:-}" == unit ]]; then
        programs=(FalServerless.UnitTests)
        shift
        once restore
        dotnet build tests/FalServerless.UnitTests --configuration Release --no-restore -warnaserror
    else
        if [[ "${1:-}" == integration ]]; then
            programs=(FalServerless.IntegrationTests)
            shift
        fi

        once setup
        once build
    fi

    mkdir -p "$results"
    local name verdict=0 reports=()
    for name in "${programs[@]}"; do
        run_tests "$name" "$@" || verdict=1
        [[ ! -f "$results/$name.xml" ]] || reports+=("$results/$name.xml")
    done

    local passed failed skipped
    passed=$(count passed "${reports[@]}")
    failed=$(($(count failed "${reports[@]}") + $(count errors "${reports[@]}")))
    skipped=$(count skipped "${reports[@]}")
    local counts="$passed passed, $failed failed"
    if ((skipped > 0)); then
        echo "Skipped:"
        skipped_tests "${reports[@]}"
        counts+=", $skipped skipped"
    fi

    if ((failed > 0)); then
        verdict=1
    elif ((passed == 0)); then
        echo "No test ran."
        verdict=1
    elif ((skipped > 0)) && in_ci; then
        echo "In CI no test may skip."
        verdict=1
    fi

    echo "$counts"
    return "$verdict"
}

pack() {
    once build
    rm -rf artifacts/package/release
    dotnet pack "$solution" --configuration Release --no-build
}

check_packages() {
    once pack
    tests/packages/check.sh
}

bench() {
    if [[ "${1:-}" == picture ]]; then
        bench/picture.sh "${@:2}"
        return
    fi

    once restore
    if ! command -v rsync >/dev/null && [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
        # What uploads are measured beside; without it that benchmark says so.
        apt-get update -qq </dev/null || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends rsync </dev/null >/dev/null || true
    fi

    dotnet run --project bench/FalServerless.Bench --configuration Release --no-restore -- "$@"
}

main() {
    local command="${1:-all}"
    (($# == 0)) || shift
    case "$command" in
        all)
            once setup
            once restore
            once format
            once build
            # The counts are the last line of a test run; a failing one stops here with them.
            test
            check_packages
            ;;
        setup | restore | format | build | pack) "$command" ;;
        check-packages) check_packages ;;
        test | bench) "$command" "$@" ;;
        help | -h | --help) usage ;;
        *)
            echo "Unknown command '$command'."
            usage
            return 2
            ;;
    esac
}

main "$@"
