using System.Diagnostics;
using FalServerless.Sync;

namespace FalServerless.Tests.Sync;

public class LocalTreeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a/b", "inside", "a/b")]
    [InlineData("./a/../a/b", "inside", "./a/../a/b")]
    [InlineData("nothing", "dangling", "nothing")]
    [InlineData("../inside", "a/up", "../inside")]
    [InlineData(".", "itself", ".")]
    [InlineData("circle", "circle", "circle")]
    [InlineData("{root}/a/b", "a/absolute", "../a/b")]
    [InlineData("{root}", "top", ".")]
    public void ALinkThatStaysInIsKept(string target, string name, string kept)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a"));
        File.CreateSymbolicLink(folder.File(name), target.Replace("{root}", folder.Path, StringComparison.Ordinal));

        Assert.Equal(kept, LocalTree.Read(folder.Path, respectsGitIgnore: true, Token).Single(entry => entry.Path == name).Target);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../../x")]
    [InlineData("/etc")]
    [InlineData("{root}/../x")]
    [InlineData("{root}x")]
    [InlineData("deep/link/..")]
    [InlineData("deep/link/../x")]
    public void ALinkThatLeadsOutIsRefusedByNameAlsoByWayOfAnother(string target)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a"));
        Directory.CreateDirectory(folder.File("deep"));
        File.CreateSymbolicLink(folder.File("deep/link"), "..");
        File.CreateSymbolicLink(folder.File("out"), target.Replace("{root}", folder.Path, StringComparison.Ordinal));

        var refused = Assert.Throws<SyncException>(() => LocalTree.Read(folder.Path, respectsGitIgnore: true, Token));

        Assert.Equal(folder.File("out"), refused.Path);
    }

    [Theory]
    [InlineData("mkfifo pipe", "pipe")]
    [InlineData("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"socket\")'", "socket")]
    [InlineData("touch \"$(printf 'a\\377')\"", "a\ufffd")]
    public async Task WhatHasNoContentOrNoNameIsRefusedByName(string command, string name)
    {
        using var folder = new TemporaryFolder();
        await ShellAsync(folder, command);

        var refused = Assert.Throws<SyncException>(() => LocalTree.Read(folder.Path, respectsGitIgnore: true, Token));

        Assert.Equal(folder.File(name), refused.Path);

        // .NET has no name for it to delete it by.
        await ShellAsync(folder, "rm *");
    }

    private static async Task ShellAsync(TemporaryFolder folder, string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder.Path })!;
        await shell.WaitForExitAsync(Token);
        Assert.Equal(0, shell.ExitCode);
    }
}
