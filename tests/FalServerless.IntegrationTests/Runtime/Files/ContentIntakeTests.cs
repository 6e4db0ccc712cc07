using FalServerless.Runtime.Files.Uploads;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Runtime.Files;

public class ContentIntakeTests
{
    private static readonly string Large = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFullDiskIsToldAndLeavesTheFolderAsItWas()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a small disk.");
        using var folder = new TemporaryFolder();
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "none", folder.Path);
        try
        {
            using var data = new DataUnderTest(folder.File("data"));
            await data.UploadAsync("/data/x", mirror: false, ("a", "old"));
            var large = string.Concat(Enumerable.Repeat(Large, 12));

            // On its way, in a pack, and while the tree is made.
            var pieces = Enumerable
                .Range(0, (large.Length / 1_000_000) + 1)
                .Select(i => DataUnderTest.Piece(large, i * 1_000_000, Math.Min(1_000_000, large.Length - (i * 1_000_000))))
                .ToArray();
            var whole = await Assert.ThrowsAsync<DataException>(() => data.TakeAsync(pieces));
            var packed = await Assert.ThrowsAsync<DataException>(() =>
                data.TakeAsync([.. Enumerable.Range(0, 100).Select(i => Large + i)])
            );
            await data.TakeAsync(Large + "0", Large + "1", Large + "2");
            var tree = await Assert.ThrowsAsync<DataException>(() =>
                data.ApplyAsync("/data/x", [.. Enumerable.Range(0, 12).Select(i => DataUnderTest.File($"{i}", Large + (i % 3)))])
            );

            Assert.All([whole, packed, tree], refused => Assert.Equal(DataFault.Full, refused.Fault));
            Assert.Contains("MB of it are free", tree.Message, StringComparison.Ordinal);
            Assert.Equal(["a"], Directory.GetFileSystemEntries(data.PathOf("x")).Select(Path.GetFileName));
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(data.Uploads, "trees")));
            Assert.Equal("/data/x", (await data.UploadAsync("/data/x", mirror: true, ("a", "new"))).Path);
        }
        finally
        {
            await RunAsync("umount", folder.Path);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
