using System.Diagnostics;

namespace FalServerless.Tests.Runtime.Detached;

/// <summary>Detached calls of a host whose disk is full.</summary>
public sealed class FullDiskTests
{
    private const int Large = 40 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatTheDiskDoesNotTakeIsRefusedOrFailsInWordsAndTheHostServesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a small disk.");
        using var folder = new TemporaryFolder();
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=32m", "none", folder.Path);
        try
        {
            await using var served = await RestartingHost.StartAsync(state: folder.File("state"));
            var options = new IsolatedOptions { Host = await served.WithKeyAsync(), MachineType = "M" };
            var length = Isolated.Create((byte[] bytes) => bytes.Length, options);
            Assert.Equal(3, await (await length.SubmitAsync([1, 2, 3], Token)).ResultAsync(Token));

            var refused = await Assert.ThrowsAsync<HostUnreachableException>(() => length.SubmitAsync(DetachedBodies.Bytes(Large), Token));
            var failed = await Isolated.Create((int count) => DetachedBodies.Bytes(count), options).SubmitAsync(Large, Token);
            var error = await Assert.ThrowsAsync<HostUnreachableException>(() => failed.ResultAsync(Token));

            Assert.Contains("did not take it in", refused.Message);
            Assert.Contains("is full", error.Message);
            Assert.Equal(InvocationStatus.Failed, failed.Status);
            await Eventually.TrueAsync(() => Directory.GetFiles(Path.Combine(served.State, "detached", "files"), "*.payload").Length == 0, () => "half a payload is left.");

            // What came before the disk was full is kept with the call, and gives way like anything else that has ended.
            File.Delete(Directory.GetFiles(Path.Combine(served.State, "detached", "files"))[0]);
            Assert.Equal(5, await (await length.SubmitAsync(new byte[5], Token)).ResultAsync(Token));
        }
        finally
        {
            await RunAsync("umount", folder.Path);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
