using System.Diagnostics;
using System.Globalization;
using FalServerless.IntegrationTests.Programs;
using FalServerless.Protocol;
using FalServerless.Runtime.Files.Uploads;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Sync;

public class KilledUploadTests
{
    private const int Kills = 10;
    private const int SmallFiles = 300;
    private const int LargeFile = 16 << 20;

    // Somewhat more than ever arrives: some are killed while the folder is exchanged, or after that.
    private const int MostKilledAt = LargeFile + (4 << 20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AKilledHostLeavesTheOldFolderAndWhatHadArrived()
    {
        var random = Printed.Random(nameof(AKilledHostLeavesTheOldFolderAndWhatHadArrived));
        using var data = new DataHost();
        data.Write("old", "old");
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
        for (var kill = 0; kill < Kills; kill++)
        {
            var old = FolderImage.Of(Path.Combine(data.Files, "x"));
            var local = Make(data, random, kill);
            var runtime = Process.GetProcessById((await data.Host.RuntimeAsync()).ProcessId);
            var first = new Reports();
            var upload = SyncDir.UploadAsync(local, "/data/x", data.Options with { Mirror = true }, first, Token);
            await ArriveAsync(data, random.NextInt64(MostKilledAt), () => upload.IsCompleted);
            runtime.Kill();
            try
            {
                await upload;
            }
            catch (HostUnreachableException) { }

            await runtime.WaitForExitAsync(Token);
            await FinishAsync(data, local, old, kill, first.All.Count == 0 ? 0 : first.Last.BytesSent);
        }
    }

    [Fact]
    public async Task AKilledProgramLeavesTheOldFolderAndWhatHadArrived()
    {
        var random = Printed.Random(nameof(AKilledProgramLeavesTheOldFolderAndWhatHadArrived));
        using var data = new DataHost();
        data.Write("old", "old");
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
        for (var kill = 0; kill < Kills; kill++)
        {
            var old = FolderImage.Of(Path.Combine(data.Files, "x"));
            var local = Make(data, random, kill);
            await using (
                var program = ChildProgram.Start(
                    ChildProgram.Upload,
                    settings: new Dictionary<string, string> { ["FAL_DATA"] = data.Data, [ChildProgram.UploadFolder] = local }
                )
            )
            {
                await program.WaitUntilReadyAsync();
                await ArriveAsync(data, random.NextInt64(MostKilledAt), () => program.HasExited);
                program.Kill();
                await Eventually.TrueAsync(() => program.Descendants().Count == 0, () => "its runtime lives.");
            }

            await FinishAsync(data, local, old, kill, null);
        }
    }

    // Until so many bytes of the upload are at the host, or it is over.
    private static async Task ArriveAsync(DataHost data, long bytes, Func<bool> isOver)
    {
        var uploads = new DirectoryInfo(Path.Combine(data.Data, "uploads"));
        var before = Arrived();
        while (!isOver() && Arrived() - before < bytes)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), Token);
        }

        long Arrived()
        {
            try
            {
                return new[] { "contents", "packs" }
                    .SelectMany(folder => uploads.EnumerateDirectories(folder))
                    .SelectMany(folder => folder.EnumerateFiles())
                    .Sum(file => file.Length);
            }
            catch (IOException)
            {
                // One was moved or removed while it was looked at.
                return 0;
            }
        }
    }

    private static async Task FinishAsync(DataHost data, string local, IReadOnlyList<string> old, int kill, long? sent)
    {
        var expected = FolderImage.Of(local);
        var found = FolderImage.Of(Path.Combine(data.Files, "x"));
        Assert.True(found.SequenceEqual(old) || found.SequenceEqual(expected), "The folder is neither the old nor the new one.");
        var total = new DirectoryInfo(local).EnumerateFiles().Sum(file => file.Length);
        var here = found.SequenceEqual(expected) ? total : Here(data, local);
        var second = new Reports();

        await SyncDir.UploadAsync(local, "/data/x", data.Options with { Mirror = true }, second, Token);

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"kill {kill}: {total} bytes in all, {(sent is null ? "" : $"{sent} reported as sent before, ")}{here} had arrived, "
                    + $"{second.Last.BytesSent} sent after"
            )
        );
        Assert.Equal(expected, FolderImage.Of(Path.Combine(data.Files, "x")));
        Assert.Equal(total - here, second.Last.BytesSent);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(data.Data, "uploads", "trees")));
    }

    // What a host that starts now finds of the folder's contents. It removes half-made trees first, so a content that stands in one is the
    // inbox's alone again.
    private static long Here(DataHost data, string local)
    {
        using var inbox = new ContentInbox(Path.Combine(data.Data, "uploads", "contents"));
        inbox.Packed.Refresh();
        return new DirectoryInfo(local)
            .EnumerateFiles()
            .Select(file => (Content: ContentHash.Of(File.ReadAllBytes(file.FullName)), file.Length))
            .Sum(file =>
                inbox.Find(file.Content) ?? (File.Exists(inbox.PathOf(file.Content)) ? file.Length : inbox.Received(file.Content))
            );
    }

    private static string Make(DataHost data, Random random, int round)
    {
        var local = Directory.CreateDirectory(data.File($"new {round}")).FullName;
        for (var i = 0; i <= SmallFiles; i++)
        {
            var bytes = new byte[i == SmallFiles ? LargeFile : random.Next(1, 16_384)];
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(local, $"{i}"), bytes);
        }

        return local;
    }
}
