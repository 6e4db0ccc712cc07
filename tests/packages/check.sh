#!/usr/bin/env bash
# What a user of the packages sees: each check is a project in an empty folder that knows nothing of this repository, with an empty NuGet cache.
# The packages come from artifacts/package/release, all others from where this machine's configuration says.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
packages="$repository/artifacts/package/release"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$repository/Directory.Build.props")
folder=$(mktemp -d)
readonly repository packages version folder
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT

# What the repository itself is restored into: a build of it in a check leaves its own state as it was.
readonly own_packages="${NUGET_PACKAGES:-${HOME:-/root}/.nuget/packages}"
export NUGET_PACKAGES="$folder/cache" FAL_ENVIRONMENTS="$folder/environments"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# Nothing may outlive the check.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
# What says where functions run is the user's, not the check's.
unset FAL_HOST FAL_KEY FAL_KEY_ID FAL_KEY_SECRET

# Runs a command whose output matters only when it fails.
quietly() {
    "$@" >"$folder/output" 2>&1 </dev/null || {
        cat "$folder/output"
        echo "Failed: $*"
        return 1
    }
}

# The output of a program, which must be a line of this pattern.
expect() {
    local pattern=$1 output
    shift
    output=$("$@" 2>"$folder/output" </dev/null) || {
        cat "$folder/output"
        echo "$output"
        echo "Failed: $*"
        return 1
    }
    if [[ ! "$output" =~ ^$pattern$ ]]; then
        cat "$folder/output"
        echo "Expected '$pattern' and got '$output'."
        return 1
    fi
}

an_empty_console_app_and_five_lines() {
    mkdir "$folder/app" && cd "$folder/app"
    quietly dotnet new console
    quietly dotnet add package FalServerless --version "$version"
    cat >Program.cs <<'CODE'
using FalServerless;

var name = "Ada";
var greet = Isolated.Create(() => $"Hello {name} from process {Environment.ProcessId}");
Console.WriteLine($"{greet.Invoke()}, not {Environment.ProcessId}");
CODE
    expect 'Hello Ada from process [0-9]+, not [0-9]+' dotnet run
}

a_package_with_a_native_library_that_only_the_worker_has() {
    cd "$folder/app"
    quietly dotnet add package Microsoft.Data.Sqlite --version 10.0.14
    sed -i 's:\(<PackageReference Include="Microsoft.Data.Sqlite" .*\) />:\1 ExcludeAssets="runtime;native" />:' app.csproj
    cat >Program.cs <<'CODE'
using FalServerless;
using Microsoft.Data.Sqlite;

var sum = Isolated.FromDelegate((int rows) =>
{
    using var connection = new SqliteConnection("Data Source=:memory:");
    connection.Open();
    using var command = connection.CreateCommand();
    command.CommandText = $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT sum(i) FROM n";
    return $"{command.ExecuteScalar()} by {typeof(SqliteConnection).Assembly.Location}";
}, new() { Requirements = ["Microsoft.Data.Sqlite==10.0.14", "SQLitePCLRaw.bundle_e_sqlite3==3.0.3"] });
Console.WriteLine(sum.Invoke(100));
CODE
    expect "5050 by $FAL_ENVIRONMENTS/.*" dotnet run
    if compgen -G 'bin/Debug/net*/*ql*' >/dev/null; then
        echo "The app has it too:" bin/Debug/net*/*ql*
        return 1
    fi
}

# Ordinary references, no requirements: native libraries, a provider and a plug-in that are found by their names.
packages_with_native_parts_and_names() {
    mkdir -p "$folder/parts/Plugin" "$folder/parts/app" && cd "$folder/parts"
    echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><PackageId>Check.Plugin</PackageId></PropertyGroup></Project>' >Plugin/Check.Plugin.csproj
    echo 'namespace Check; public class Plugin { public override string ToString() => "plugged"; }' >Plugin/Plugin.cs
    quietly dotnet pack Plugin -o "$folder/parts/feed"
    sed "s:</packageSources>:<add key=\"parts\" value=\"$folder/parts/feed\" /></packageSources>:" "$folder/nuget.config" >app/nuget.config
    cd app
    quietly dotnet new console
    quietly dotnet add package FalServerless --version "$version"
    quietly dotnet add package Check.Plugin --version 1.0.0
    quietly dotnet add package SkiaSharp --version 3.119.4
    quietly dotnet add package SkiaSharp.NativeAssets.Linux.NoDependencies --version 3.119.4
    quietly dotnet add package Microsoft.EntityFrameworkCore.Sqlite --version 10.0.14
    cat >Program.cs <<'CODE'
using FalServerless;
using Microsoft.EntityFrameworkCore;
using SkiaSharp;

var run = Isolated.FromDelegate((string name) =>
{
    using var bitmap = new SKBitmap(4, 2);
    using var canvas = new SKCanvas(bitmap);
    canvas.Clear(SKColors.Red);
    using var shop = new Shop();
    shop.Database.OpenConnection();
    shop.Database.EnsureCreated();
    shop.Items.Add(new Item { Name = name });
    shop.SaveChanges();
    var plugin = Activator.CreateInstance(Type.GetType("Check.Plugin, Check.Plugin", throwOnError: true)!);
    return $"{bitmap.GetPixel(1, 1)} {shop.Items.Count(item => item.Name == name)} {plugin}";
});
Console.WriteLine(run.Invoke("tea"));

public class Item { public int Id { get; set; } public string Name { get; set; } = ""; }

public class Shop : DbContext
{
    public DbSet<Item> Items => Set<Item>();

    protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseSqlite("Data Source=:memory:");
}
CODE
    expect '#ffff0000 1 plugged' dotnet run
}

# NuGet refuses a project that pins less than a package of it needs (NU1605): ours need no more than they use.
older_packages_beside_ours() {
    local pinned
    for pinned in 8.0.0 10.0.0; do
        mkdir "$folder/pinned-$pinned" && cd "$folder/pinned-$pinned"
        cat >pinned.csproj <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="FalServerless" Version="$version" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="$pinned" />
    <PackageReference Include="Microsoft.Extensions.Http" Version="$pinned" />
    <PackageReference Include="Microsoft.Extensions.Logging.Abstractions" Version="$pinned" />
    <PackageReference Include="Microsoft.Extensions.Options.ConfigurationExtensions" Version="$pinned" />
  </ItemGroup>
</Project>
PROJECT
        cat >Program.cs <<'CODE'
using FalServerless;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddFalServerless(builder.Configuration.GetSection("Fal"));
using var app = builder.Build();
var log = Isolated.Create(async (IsolatedContext ctx) => { await Task.Yield(); return ctx.Logger.GetType().Assembly.GetName().Name!; }, new() { Host = app.Services.GetRequiredService<FalHost>() });
Console.WriteLine($"{typeof(ILogger).Assembly.GetName().Version} beside {await log.InvokeAsync()}");
CODE
        expect "${pinned%%.*}\.0\.0\.0 beside FalServerless.Worker" dotnet run
    done
}

a_file_based_program_is_run_edited_and_run_again() {
    mkdir "$folder/file" && cd "$folder/file"
    block quickstart.md csharp 2 | sed "s|^\(#:package FalServerless@\).*|\1$version|" >quickstart.cs
    expect three dotnet run quickstart.cs
    cat >hello.cs <<CODE
#:package FalServerless@$version
CODE
    cat >>hello.cs <<'CODE'
using FalServerless;

var (name, points) = ("Ada", new List<Point> { new(1, 2), new(3, 4) });
var sum = Isolated.FromDelegate((int times) => { var all = 0; foreach (var point in points) { all += point.X * times; } return all; });
var later = Isolated.Create(async (int n) => { await Task.Yield(); return Twice(n); });
Console.WriteLine($"{Isolated.Create(() => $"Hello {name}").Invoke()}: {sum.Invoke(10)}, {await later.InvokeAsync(4)}");

static int Twice(int n) => n * 2;

record Point(int X, int Y);
CODE
    # Whatever the build warns of would stand in the output too.
    expect 'Hello Ada: 40, 8' dotnet run hello.cs
    sed -i 's/n \* 2/n * 3/' hello.cs
    expect 'Hello Ada: 40, 12' dotnet run hello.cs

    mkdir "$folder/file/project" && cd "$folder/file/project"
    sed "s|^#:package .*|#:project $repository/src/FalServerless|" ../hello.cs >hello.cs
    NUGET_PACKAGES="$own_packages" expect 'Hello Ada: 40, 12' dotnet run hello.cs
}

the_sample_test_project() {
    mkdir "$folder/tests" && cd "$folder/tests"
    cp "$repository"/samples/Testing/*.cs .
    sed 's:<ProjectReference .*FalServerless.Testing.csproj" />:<PackageReference Include="FalServerless.Testing" />:' "$repository/samples/Testing/Testing.csproj" >Testing.csproj
    sed "s:</ItemGroup>:<PackageVersion Include=\"FalServerless.Testing\" Version=\"$version\" /></ItemGroup>:" "$repository/Directory.Packages.props" >Directory.Packages.props
    cat >Directory.Build.props <<'PROPS'
<Project>
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
</Project>
PROPS
    quietly dotnet test
    grep -E '(Passed!|passed)' "$folder/output"
}

# The blocks of one language of a page, the n-th of them.
block() {
    awk -v language="$2" -v wanted="$3" '$0 == "```" language { inside = ++n == wanted; next } /^```$/ { inside = 0 } inside' "$repository/docs/$1"
}

both_generations_of_test_projects_as_the_page_shows_them() {
    local generation
    for generation in 1 2; do
        mkdir "$folder/generation-$generation" && cd "$folder/generation-$generation"
        block testing.md xml "$generation" | sed "s:\(\"FalServerless.Testing\" Version=\)\"[^\"]*\":\1\"$version\":" >Tests.csproj
        block testing.md csharp 1 >GreetingTests.cs
        if ((generation == 2)); then
            block testing.md json 1 >global.json
        fi
        quietly dotnet test
        grep -Eq '(Passed!|Test run summary: Passed!)' "$folder/output"
    done
}

the_fixture_beside_xunit_2_is_refused_in_words() {
    mkdir "$folder/xunit2" && cd "$folder/xunit2"
    quietly dotnet new xunit
    quietly dotnet add package FalServerless.Testing --version "$version"
    if dotnet build >"$folder/output" 2>&1 </dev/null || ! grep -q 'error FAL0004: FalServerless.Testing is for xUnit v3' "$folder/output" || grep -q CS0433 "$folder/output"; then
        cat "$folder/output"
        return 1
    fi
}

# Publishes the program of the first check: the warning that is expected, or none, and then further arguments.
publish() {
    local warning=$1
    shift
    rm -rf published
    quietly dotnet publish --output published "$@"
    if [[ "$(grep -o 'warning FAL[0-9]*' "$folder/output" | sort -u)" != "${warning:+warning $warning}" ]]; then
        cat "$folder/output"
        echo "Expected '$warning'."
        return 1
    fi
}

published_programs_work_or_the_build_warns() {
    local platform
    platform=$(dotnet --info | sed -n 's/^ *RID: *//p')
    mkdir "$folder/publishing" && cd "$folder/publishing"
    cp "$folder/app/app.csproj" . && cp "$folder/app/Program.cs" .

    publish "" --no-self-contained --runtime "$platform" -p:PublishReadyToRun=true
    expect 'Hello Ada from process [0-9]+, not [0-9]+' published/app

    publish "" --no-self-contained --runtime "$platform" -p:PublishSingleFile=true -p:IncludeAllContentForSelfExtract=true
    mkdir moved && mv published/app moved/
    expect 'Hello Ada from process [0-9]+, not [0-9]+' moved/app

    # Its own .NET is not one that the host and the workers can be started with.
    publish "" --self-contained --runtime "$platform"
    expect 'Hello Ada from process [0-9]+, not [0-9]+' published/app
    mkdir nothing
    if DOTNET_ROOT="$PWD/nothing" published/app >"$folder/output" 2>&1 </dev/null || ! grep -q "this machine has no .NET that they could find (DOTNET_ROOT is '$PWD/nothing'). Install" "$folder/output"; then
        cat "$folder/output"
        return 1
    fi

    publish FAL0001 --no-self-contained --runtime "$platform" -p:PublishSingleFile=true
    if published/app >"$folder/output" 2>&1 </dev/null || ! grep -q 'IncludeAllContentForSelfExtract=true' "$folder/output"; then
        cat "$folder/output"
        return 1
    fi
}

the_tool_serves_a_program() {
    mkdir "$folder/host" && cd "$folder/host"
    quietly dotnet tool install FalServerless.Runtime --version "$version" --tool-path "$folder/host/tool"
    local tool="$folder/host/tool/fal-serverless" state="$folder/host/state" key host address
    key=$("$tool" key create --scope admin --state "$state" | sed -n 's/^ *FAL_KEY=//p')
    : >"$folder/host/output"
    "$tool" serve --urls http://127.0.0.1:0 --state "$state" --data "$folder/host/data" >"$folder/host/output" 2>"$folder/host/log" </dev/null &
    host=$!
    for _ in {1..300}; do
        address=$(sed -n 's/^fal-serverless: listening on //p' "$folder/host/output")
        [[ -z "$address" ]] && kill -0 "$host" || break
        sleep 0.1
    done

    # The program of the check before knows nothing of it.
    cd "$folder/app"
    FAL_HOST="$address" FAL_KEY="$key" expect "5050 by $FAL_ENVIRONMENTS/.*" dotnet run
    kill "$host"
    wait "$host" || {
        cat "$folder/host/log"
        echo "The host ended with exit code $?."
        return 1
    }
    # It was there, and not on a host of its own.
    expect '.*"lastUsed": "20.*' bash -c "'$tool' key list --json --state '$state' | tr -d '\n'"
}

cat >"$folder/nuget.config" <<CONFIG
<configuration>
  <packageSources>
    <add key="packages" value="$packages" />
  </packageSources>
</configuration>
CONFIG

for check in an_empty_console_app_and_five_lines published_programs_work_or_the_build_warns older_packages_beside_ours packages_with_native_parts_and_names a_file_based_program_is_run_edited_and_run_again a_package_with_a_native_library_that_only_the_worker_has the_sample_test_project \
    both_generations_of_test_projects_as_the_page_shows_them the_fixture_beside_xunit_2_is_refused_in_words the_tool_serves_a_program; do
    SECONDS=0
    "$check"
    echo "ok: ${check//_/ } (${SECONDS} s)"
done
