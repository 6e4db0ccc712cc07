using System.Diagnostics;
using System.Runtime.InteropServices;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Runtime.Workers;

/// <summary>What bodies find at /data where the host is not simply root.</summary>
public sealed class DataOfOtherUsersTests : IDisposable
{
    // Neither this program nor .NET need be where others may read.
    private const string Prepare = """
        mkdir "$1/program" "$1/dotnet" "$1/home"
        chmod 777 "$1" "$1/home"
        mount --bind "$2" "$1/program"
        mount --bind "$3" "$1/dotnet"
        cd "$1/home"
        """;

    private const string RunChild = """
        exec env HOME="$1/home" TMPDIR="$1/home" FAL_DATA="$1/home/data" DOTNET_ROOT="$1/dotnet" PATH="$1/dotnet:$PATH" \
            {0} "$1/program/FalServerless.IntegrationTests" child data
        """;

    // As a directory of its own, which is no mount: there roots cannot be exchanged.
    private const string ChangeRoot = """
        mkdir "$1/root"
        for entry in /*; do
            if [ -L "$entry" ]; then cp -P "$entry" "$1/root"
            elif [ -d "$entry" ]; then mkdir "$1/root$entry"; mount --rbind "$entry" "$1/root$entry"
            fi
        done
        """;

    // As where systemd runs: mounts are shared among namespaces unless one says otherwise.
    private const string Share = """
        mount --make-rshared /
        cat /proc/self/mountinfo > "$1/before"
        """;

    private const string RunChildAndLook = """
        env HOME="$1/home" TMPDIR="$1/home" FAL_DATA="$1/home/data" "$1/program/FalServerless.IntegrationTests" child data || test $? = 7
        cat /proc/self/mountinfo > "$1/after"
        """;

    private readonly TemporaryFolder _folder = new();

    private string Home => _folder.File("home");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("setpriv --reuid 65534 --regid 65534 --clear-groups", "nobody")]
    [InlineData("setpriv --bounding-set -sys_admin", "root")]
    public async Task WhoMayOnlyMakeUserNamespacesHasTheLiteralPath(string setpriv, string user)
    {
        Namespaces.NeedRoot();

        var output = await RunAsync(Prepare, RunChild.Replace("{0}", setpriv));

        Assert.Equal($"/data: written as {user} in {Home}", output);
        Assert.Equal("written", File.ReadAllText(Path.Combine(Home, "data", "files", "file")));
    }

    [Fact]
    public async Task RootHasTheLiteralPathAfterAChangeOfRootToo()
    {
        Namespaces.NeedRoot();

        var output = await RunAsync(Prepare, ChangeRoot, RunChild.Replace("{0}", "chroot \"$1/root\" env --chdir \"$1/home\""));

        Assert.Equal($"/data: written as root in {Home}", output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhereMountsAreSharedThoseOfAHostStayWithIt(bool afterChangeOfRoot)
    {
        Namespaces.NeedRoot();
        var child = RunChildAndLook.Replace("env ", afterChangeOfRoot ? "chroot \"$1/root\" env --chdir \"$1/home\" " : "env ");

        var output = await RunAsync(Prepare, afterChangeOfRoot ? ChangeRoot : "", Share, child);

        Assert.Equal($"/data: written as root in {Home}", output);
        Assert.Equal(File.ReadAllText(_folder.File("before")), File.ReadAllText(_folder.File("after")));
    }

    private async Task<string> RunAsync(params string[] scripts)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        string[] shell = ["/bin/sh", "-ec", string.Join('\n', scripts), "sh", _folder.Path, AppContext.BaseDirectory, dotnet];
        var start = new ProcessStartInfo("/usr/bin/unshare", ["--mount", .. shell])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True((await errors).Length == 0, await errors);
        return output.Trim();
    }
}
