using System.Diagnostics;
using FalServerless.Runtime.Files;
using FalServerless.Runtime.Workers;
using FalServerless.Runtime.Workers.Processes;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Runtime.Workers;

public sealed class DataNamespaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DataFolders Folders => new(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WorkersFindTheFolderItselfWhereTheyNeedWhatDataWouldHideAndTheReasonIsKept()
    {
        await using var data = new DataNamespace(Folders, isWanted: true, [_folder.Path, "/data/programs"]);

        var place = await data.PlaceAsync();

        Assert.Equal(Folders.Files, place.Path);
        Assert.Null(place.Namespace);
        Assert.Contains("'/data/programs'", place.Reason);
        Assert.Equal(Folders.Files, await data.PathAsync());
    }

    [Fact]
    public async Task SwitchedOffItSaysSo()
    {
        await using var data = new DataNamespace(Folders, isWanted: false, []);

        Assert.Contains("FAL_NAMESPACES", (await data.PlaceAsync()).Reason);
    }

    [Fact]
    public async Task AFolderThatCannotBeMadeIsNamedAndTriedAgain()
    {
        File.WriteAllText(_folder.File("data"), "");
        await using var data = new DataNamespace(Folders, isWanted: false, []);

        var error = await Assert.ThrowsAsync<WorkerStartException>(data.PlaceAsync);
        Assert.Contains(_folder.File("data"), error.Message);
        Assert.Contains("FAL_DATA", error.Message);

        File.Delete(_folder.File("data"));
        Assert.Equal(Folders.Files, await data.PathAsync());
    }

    [Fact]
    public async Task AProgramThatFailsIsNamedWithItsWords()
    {
        var error = await Assert.ThrowsAsync<IOException>(() => MakeAsync("/data", unshare: "/usr/bin/false"));
        Assert.Contains("'false' ended with exit code", error.Message);

        error = await Assert.ThrowsAsync<IOException>(() => MakeAsync("/data", unshare: _folder.File("none")));
        Assert.Contains(_folder.File("none"), error.Message);
    }

    [Fact]
    public async Task WhatIsEnteredHoldsTheFolderAtItsPlaceAndTheProcessStaysTheSame()
    {
        Namespaces.Need();
        File.WriteAllText(_folder.File("file"), "content");
        using var made = await MakeAsync("/data", [_folder.Path, "/bin"]);
        var start = new ProcessStartInfo("/bin/sh", ["-c", "cat /data/file; echo \" $$\"; exit 3"]) { RedirectStandardOutput = true };

        made.Enter(start);
        using var process = Process.Start(start)!;

        Assert.Equal($"content {process.Id}", (await process.StandardOutput.ReadToEndAsync(Token)).Trim());
        await process.WaitForExitAsync(Token);
        Assert.Equal(3, process.ExitCode);
        Assert.False(File.Exists("/data/file"));
    }

    [Fact]
    public async Task TheFolderMayHaveAnyName()
    {
        Namespaces.Need();
        var folder = Directory.CreateDirectory(_folder.File("it's a\t\"folder\"\\040 $HOME\nü #1")).FullName;
        File.WriteAllText(Path.Combine(folder, "file"), "content");
        using var made = await MountNamespace.MakeAsync("/usr/bin/unshare", "/usr/bin/nsenter", new(folder, "/data"), [], Token);

        Assert.Equal("content", await InsideAsync(made, "cat /data/file"));
    }

    [Fact]
    public async Task NothingOfTheMakingIsSeenInside()
    {
        Namespaces.Need();
        File.WriteAllText(_folder.File("file"), "content");
        using var made = await MakeAsync("/data");

        Assert.Equal("content", await InsideAsync(made, $"cat '{_folder.File("file")}'"));
        Assert.Equal("file", await InsideAsync(made, "ls -A /data"));
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/ostype").Trim(), await InsideAsync(made, "cat /proc/sys/kernel/ostype"));
        var mounts = await InsideAsync(made, "cat /proc/self/mountinfo");
        Assert.DoesNotContain("unbindable", mounts);
        Assert.Single(mounts.Split('\n'), line => line.Contains(" / / ", StringComparison.Ordinal));
        Assert.Equal("/", await InsideAsync(made, "pwd"));
    }

    [Fact]
    public async Task WhatIsNeededAndWouldBeHiddenBehindALinkIsNoticed()
    {
        Namespaces.Need();
        Namespaces.NeedRoot();
        var place = $"/{Path.GetFileName(_folder.Path)}";
        Directory.CreateDirectory(Path.Combine(place, "program"));
        try
        {
            var link = File.CreateSymbolicLink(_folder.File("link"), Path.Combine(place, "program")).FullName;

            var error = await Assert.ThrowsAsync<IOException>(() => MakeAsync(place, [link]));

            Assert.Contains($"'{link}' is not there", error.Message);
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private Task<MountNamespace> MakeAsync(string place, IReadOnlyList<string>? needed = null, string unshare = "/usr/bin/unshare") =>
        MountNamespace.MakeAsync(unshare, "/usr/bin/nsenter", new(_folder.Path, place), needed ?? [], Token);

    private static async Task<string> InsideAsync(MountNamespace made, string script)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true };
        made.Enter(start);
        using var process = Process.Start(start)!;
        return (await process.StandardOutput.ReadToEndAsync(Token)).Trim();
    }
}
