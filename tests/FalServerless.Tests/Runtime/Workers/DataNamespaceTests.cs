using System.Diagnostics;
using FalServerless.Runtime.Data;
using FalServerless.Runtime.Workers;

namespace FalServerless.Tests.Runtime.Workers;

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
        var error = await Assert.ThrowsAsync<IOException>(() => MountNamespace.MakeAsync("/usr/bin/env", "/usr/bin/nsenter", _folder.Path, "/data", [], Token));
        Assert.Contains("'env' ended with exit code", error.Message);

        error = await Assert.ThrowsAsync<IOException>(() => MountNamespace.MakeAsync(_folder.File("none"), "/usr/bin/nsenter", _folder.Path, "/data", [], Token));
        Assert.Contains(_folder.File("none"), error.Message);
    }

    [Fact]
    public async Task WhatIsEnteredHoldsTheFolderAtItsPlaceAndTheProcessStaysTheSame()
    {
        Namespaces.Need();
        File.WriteAllText(_folder.File("file"), "content");
        using var made = await MountNamespace.MakeAsync("/usr/bin/bwrap", "/usr/bin/nsenter", _folder.Path, "/data", [_folder.Path, "/bin"], Token);
        var start = new ProcessStartInfo("/bin/sh", ["-c", "cat /data/file; echo \" $$\"; exit 3"]) { RedirectStandardOutput = true };

        made.Enter(start);
        using var process = Process.Start(start)!;

        Assert.Equal($"content {process.Id}", (await process.StandardOutput.ReadToEndAsync(Token)).Trim());
        await process.WaitForExitAsync(Token);
        Assert.Equal(3, process.ExitCode);
        Assert.False(File.Exists("/data/file"));
    }

    [Fact]
    public async Task WhatIsNeededAndWouldBeHiddenBehindALinkIsNoticed()
    {
        Namespaces.Need();
        Assert.SkipUnless(Environment.UserName == "root", "A folder at the machine's root cannot be made here: run the tests as root.");
        var place = $"/{Path.GetFileName(_folder.Path)}";
        Directory.CreateDirectory(Path.Combine(place, "program"));
        try
        {
            var link = File.CreateSymbolicLink(_folder.File("link"), Path.Combine(place, "program")).FullName;

            var error = await Assert.ThrowsAsync<IOException>(() => MountNamespace.MakeAsync("/usr/bin/bwrap", "/usr/bin/nsenter", _folder.Path, place, [link], Token));

            Assert.Contains($"'{link}' is not there", error.Message);
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }
}
