using System.Diagnostics;
using FalServerless.Sync;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Sync;

public class LocalTreeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
