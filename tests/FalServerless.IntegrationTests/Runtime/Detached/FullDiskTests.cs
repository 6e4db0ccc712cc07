using System.Diagnostics;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Detached;

/// <summary>Detached calls of a host whose disk is full.</summary>
public sealed class FullDiskTests
{
    private const int Large = 40 << 20;

    // More than the host keeps back and than the store has in pages that it uses again: a smaller call may still find room.
    private const int Unwritten = 4 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatTheDiskDoesNotTakeIsRefusedOrFailsInWordsAndTheHostServesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a small disk.");
        using var folder = new TemporaryFolder();
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=40m", "none", folder.Path);
        try
        {
            await using var served = await RestartingHost.StartAsync(state: folder.File("state"));
            var options = new IsolatedOptions { Host = await served.WithKeyAsync(), MachineType = "M" };
            var length = Isolated.Create((byte[] bytes) => bytes.Length, options);
            Assert.Equal(3, await (await length.SubmitAsync([1, 2, 3], Token)).GetResultAsync(Token));

            // Nothing is left but what the host has kept back for the outcomes of what runs.
            var go = new TemporaryFolder();
            var path = go.Path;
            var running = await Isolated
                .Create((IsolatedContext ctx) => DetachedBodies.NoteWaitAndSayAsync(path, "running", ctx.CancellationToken), options)
                .SubmitAsync(Token);
            await Eventually.TrueAsync(() => DetachedBodies.Runs(path, "running") == 1, () => served.Said);
            var reserve = Path.Combine(served.State, "detached", "reserve");
            await Eventually.TrueAsync(
                () => new FileInfo(reserve) is { Exists: true, Length: 1 << 20 },
                () => "the host keeps nothing back."
            );
            await FillAsync(folder);
            var unwritten = await Assert.ThrowsAsync<HostUnreachableException>(() =>
                length.SubmitAsync(DetachedBodies.Bytes(Unwritten), Token)
            );
            File.WriteAllText(go.File("go"), "");
            Assert.Equal(7, await running.GetResultAsync(Token).WaitAsync(Eventually.Limit, Token));
            Assert.Equal("late", Assert.Single(await running.GetLogsAsync(cancellationToken: Token).ToListAsync(Token)).Message);
            Array.ForEach(Directory.GetFiles(folder.Path, "rest*"), File.Delete);
            go.Dispose();

            var refused = await Assert.ThrowsAsync<HostUnreachableException>(() => length.SubmitAsync(DetachedBodies.Bytes(Large), Token));
            for (var i = 0; i < 3; i++)
            {
                // Its pieces give way to the words.
                var failed = await Isolated.Create((int count) => DetachedBodies.Bytes(count), options).SubmitAsync(Large, Token);
                var error = await Assert.ThrowsAsync<HostUnreachableException>(() =>
                    failed.GetResultAsync(Token).WaitAsync(Eventually.Limit, Token)
                );
                Assert.Contains("is full", error.Message);
                Assert.Equal(InvocationStatus.Failed, failed.Status);
            }

            Assert.All([unwritten, refused], error => Assert.Contains("did not take it in", error.Message));
            await Eventually.TrueAsync(
                () => Directory.GetFiles(Path.Combine(served.State, "detached", "files"), "*.payload").Length == 0,
                () => "half a payload is left."
            );
            Assert.Equal(5, await (await length.SubmitAsync(new byte[5], Token)).GetResultAsync(Token));
        }
        finally
        {
            await RunAsync("umount", folder.Path);
        }
    }

    // What the host clears of the call before makes room once more, a moment after the disk was filled.
    private static async Task FillAsync(TemporaryFolder disk)
    {
        var drive = new DriveInfo(disk.Path);
        for (var file = 0; file == 0 || drive.AvailableFreeSpace > 0; file++)
        {
            Assert.True(file < 100, "The disk does not stay full.");
            await FillAsync(disk.File($"rest{file}"));
        }
    }

    private static async Task FillAsync(string path)
    {
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = 0,
            }
        );
        for (var size = 1 << 20; size > 0; )
        {
            try
            {
                await file.WriteAsync(new byte[size], Token);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
