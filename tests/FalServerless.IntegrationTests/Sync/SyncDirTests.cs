using FalServerless.IntegrationTests.Runtime.Workers;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Sync;

public class SyncDirTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheExampleOfThePageListsTheUploadedFolderByItsLiteralPath()
    {
        using var data = new DataHost();
        data.Write("hello.txt", "Hello");
        data.Write("models/one.bin", "1");

        var remote = await SyncDir.UploadAsync(data.Local, "/data/remote_dir", data.Options, cancellationToken: Token);
        var returned = await Isolated
            .Create(() => Directory.GetFileSystemEntries(remote).Order().ToArray(), new() { Host = data.Host })
            .InvokeAsync(Token);

        Assert.Equal([$"{remote}/hello.txt", $"{remote}/models"], returned);
        Namespaces.Need();
        Assert.Equal("/data/remote_dir", remote);
        Assert.Equal(
            ["/data/remote_dir/hello.txt", "/data/remote_dir/models"],
            await Isolated
                .Create(
                    () => Directory.GetFileSystemEntries("/data/remote_dir").Order().ToArray(),
                    new() { Host = data.Host, MachineType = "S" }
                )
                .InvokeAsync(Token)
        );
    }

    [Fact]
    public async Task AnyFolderComesBackAsItWas()
    {
        var random = Printed.Random(nameof(AnyFolderComesBackAsItWas));
        using var data = new DataHost();
        for (var round = 0; round < 8; round++)
        {
            var (local, back) = (data.File($"local {round}"), data.File($"back {round}"));
            Directory.CreateDirectory(local);
            RandomTree.Make(local, random, 120);

            await SyncDir.UploadAsync(local, $"/data/tree {round}", data.Options, cancellationToken: Token);
            Assert.Equal(FolderImage.Of(local), FolderImage.Of(Path.Combine(data.Files, $"tree {round}")));

            await SyncDir.DownloadAsync($"/data/tree {round}", back, data.Options, cancellationToken: Token);
            Assert.Equal(FolderImage.Of(local), FolderImage.Of(back));
        }
    }

    [Fact]
    public async Task ASecondUploadSendsNothingAndLeavesTheFolderAlone()
    {
        using var data = new DataHost();
        data.Write("a", "1");
        data.Write("b/c", "2");
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
        var before = Directory.GetCreationTimeUtc(Path.Combine(data.Files, "x"));
        var reports = new Reports();

        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, reports, Token);

        Assert.Equal(new SyncProgress(2, 2, 2, 2, 0, 0), reports.Last);
        Assert.Equal(before, Directory.GetCreationTimeUtc(Path.Combine(data.Files, "x")));
    }

    [Fact]
    public async Task OnlyWhatChangedIsSentAndADuplicateOnce()
    {
        using var data = new DataHost();
        data.Write("large", new string('x', 3_000_000));
        data.Write("small", "1");
        data.Write("same", "1");
        var first = new Reports();
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, first, Token);
        data.Write("small", "22");
        data.Write("moved/large", new string('x', 3_000_000));
        File.Delete(Path.Combine(data.Local, "large"));
        var second = new Reports();

        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options with { Mirror = true }, second, Token);

        Assert.Equal(3_000_001, first.Last.BytesSent);
        Assert.Equal((3, 3, 2), (second.Last.FilesDone, second.Last.FilesTotal, second.Last.BytesSent));
        Assert.Equal(FolderImage.Of(data.Local), FolderImage.Of(Path.Combine(data.Files, "x")));
    }

    [Fact]
    public async Task WhatTheTargetHasBeyondStaysUnlessItIsMirrored()
    {
        using var data = new DataHost();
        data.Write("a", "1");
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
        await Isolated.Create(() => File.WriteAllText("/data/x/of a body", "kept"), new() { Host = data.Host }).InvokeAsync(Token);
        data.Write("a", "2");

        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
        Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(data.Files, "x", "of a body"), Token));

        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options with { Mirror = true }, cancellationToken: Token);
        Assert.Equal(FolderImage.Of(data.Local), FolderImage.Of(Path.Combine(data.Files, "x")));
    }

    [Fact]
    public async Task ListingsShowWhatIsThere()
    {
        using var data = new DataHost();
        data.Write("a/b", "123");
        File.CreateSymbolicLink(Path.Combine(data.Local, "link"), "a/b");
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);

        var all = await SyncDir.ListAsync(recursive: true, options: data.Options, cancellationToken: Token);
        var one = await SyncDir.ListAsync("/data/x/a/b", options: data.Options, cancellationToken: Token);
        var missing = await Assert.ThrowsAsync<SyncException>(() =>
            SyncDir.ListAsync("/data/y", options: data.Options, cancellationToken: Token)
        );

        Assert.Equal(["/data/x", "/data/x/a", "/data/x/a/b", "/data/x/link"], all.Select(entry => entry.Path));
        Assert.Equal(
            ("a/b", 3L, new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(data.Local, "a/b")))),
            (all[3].LinkTarget, Assert.Single(one).Size, one[0].LastModified)
        );
        Assert.Equal("/data/y", missing.Path);
    }

    [Fact]
    public async Task ADownloadFetchesOnlyWhatIsNotThereAndMirrorsIfAsked()
    {
        using var data = new DataHost();
        data.Write("a", "1");
        data.Write("b", "22");
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
        data.Write("c", "of here");
        data.Write("b", "changed");
        var reports = new Reports();

        await SyncDir.DownloadAsync("/data/x", data.Local, data.Options, reports, Token);

        Assert.Equal(new SyncProgress(2, 2, 3, 3, 2, reports.Last.BytesPerSecond), reports.Last);
        Assert.Equal(
            ("22", "of here"),
            (
                await File.ReadAllTextAsync(Path.Combine(data.Local, "b"), Token),
                await File.ReadAllTextAsync(Path.Combine(data.Local, "c"), Token)
            )
        );
        await SyncDir.DownloadAsync("/data/x", data.Local, data.Options with { Mirror = true }, cancellationToken: Token);
        Assert.False(File.Exists(Path.Combine(data.Local, "c")));
    }

    [Theory]
    [InlineData("/data/../etc")]
    [InlineData("/database")]
    [InlineData("/database/x")]
    [InlineData("data/x")]
    [InlineData("/data/a\0b")]
    [InlineData("/data\\x")]
    [InlineData("/data/a\\..\\b")]
    [InlineData("/data")]
    [InlineData("/data/")]
    [InlineData("/data/x/..")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("C:\\data\\x")]
    public async Task APathThatIsNotBelowDataIsRefusedAtOnce(string remote)
    {
        using var folder = new TemporaryFolder();

        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            SyncDir.UploadAsync(folder.Path, remote, cancellationToken: Token)
        );

        Assert.Equal("remote", refused.ParamName);
    }

    [Theory]
    [InlineData("/data/x/", "/data/x")]
    [InlineData("/data//x/./y/../z", "/data/x/z")]
    [InlineData("/tmp/../data/x", "/data/x")]
    public async Task OtherWaysToWriteAPathMeanTheSame(string remote, string meant)
    {
        using var data = new DataHost(("FAL_NAMESPACES", "off"));
        data.Write("a", "1");

        Assert.Equal(
            data.Files + meant["/data".Length..],
            await SyncDir.UploadAsync(data.Local, remote, data.Options, cancellationToken: Token)
        );
    }

    [Fact]
    public async Task AFolderThatIsNoneIsRefusedWithWhatToDo()
    {
        using var data = new DataHost();
        data.Write("file", "1");

        var missing = await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            SyncDir.UploadAsync(data.File("nothing"), "/data/x", data.Options, cancellationToken: Token)
        );
        var file = await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            SyncDir.UploadAsync(Path.Combine(data.Local, "file"), "/data/x", data.Options, cancellationToken: Token)
        );
        var target = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
            await SyncDir.DownloadAsync("/data/x", Path.Combine(data.Local, "file"), data.Options, cancellationToken: Token);
        });

        Assert.Contains("nothing", missing.Message, StringComparison.Ordinal);
        Assert.Contains("is a file. Upload the folder that it is in", file.Message, StringComparison.Ordinal);
        Assert.Contains("is a file. Name a folder", target.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALinkThatLeadsOutIsRefusedByName()
    {
        using var data = new DataHost();
        data.Write("a/b", "1");
        foreach (var (target, name) in new[] { ("/etc/passwd", "absolute"), ("../../x", "a/up"), ("../outside", "direct") })
        {
            var link = Path.Combine(data.Local, name);
            File.CreateSymbolicLink(link, target);

            var refused = await Assert.ThrowsAsync<SyncException>(() =>
                SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token)
            );

            Assert.Equal(link, refused.Path);
            Assert.Contains(target, refused.Message, StringComparison.Ordinal);
            File.Delete(link);
        }
    }

    [Fact]
    public async Task TwoUploadsToOneFolderAtOnceAreBothWhole()
    {
        using var data = new DataHost();
        for (var round = 0; round < 5; round++)
        {
            var folders = new[] { data.File($"one {round}"), data.File($"two {round}") };
            foreach (var (folder, text) in folders.Zip(["1", "2"]))
            {
                Directory.CreateDirectory(folder);
                for (var i = 0; i < 50; i++)
                {
                    await File.WriteAllTextAsync(Path.Combine(folder, $"{i}"), text + i, Token);
                }
            }

            await Task.WhenAll(
                folders.Select(folder =>
                    SyncDir.UploadAsync(folder, "/data/x", data.Options with { Mirror = true }, cancellationToken: Token)
                )
            );

            var image = FolderImage.Of(Path.Combine(data.Files, "x"));
            Assert.Contains(folders, folder => FolderImage.Of(folder).SequenceEqual(image));
        }
    }

    [Fact]
    public async Task AFileThatChangesOnceIsSentAsItIsThenAndOneThatChangesAlwaysIsNamed()
    {
        using var data = new DataHost();
        data.Write("large", new string('x', 6_000_000));
        var path = Path.Combine(data.Local, "large");
        var changes = 0;
        var once = new Reports(report =>
        {
            if (report.BytesSent > 0 && Interlocked.Increment(ref changes) == 1)
            {
                File.AppendAllText(path, "more");
            }
        });

        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, once, Token);
        Assert.Equal(FolderImage.Of(data.Local), FolderImage.Of(Path.Combine(data.Files, "x")));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writer = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    File.AppendAllText(path, "again");
                    writing.TrySetResult();
                }
            },
            Token,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        await writing.Task.WaitAsync(Eventually.Limit, Token);

        // On a busy machine an upload may find a moment in which nobody writes.
        SyncException? refused = null;
        var (remote, before) = (new FileInfo(Path.Combine(data.Files, "x", "large")), 0L);
        for (var attempt = 0; refused is null && attempt < 20; attempt++)
        {
            remote.Refresh();
            before = remote.Length;
            refused =
                await Record.ExceptionAsync(() => SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token))
                as SyncException;
        }

        await stop.CancelAsync();
        await writer;

        Assert.Equal(path, refused?.Path);
        remote.Refresh();
        Assert.Equal(before, remote.Length);
    }

    [Fact]
    public async Task AnUploadThatIsCancelledLeavesTheFolderAsItWas()
    {
        var random = Printed.Random(nameof(AnUploadThatIsCancelledLeavesTheFolderAsItWas));
        using var data = new DataHost();
        data.Write("a", "old");
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
        var old = FolderImage.Of(Path.Combine(data.Files, "x"));
        for (var round = 0; round < 15; round++)
        {
            var local = Directory.CreateDirectory(data.File($"new {round}")).FullName;
            for (var i = 0; i < 40; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(local, $"{i}"), new string((char)('a' + round), 100_000 + i), Token);
            }

            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
            cancellation.CancelAfter(TimeSpan.FromMilliseconds(random.Next(120)));
            try
            {
                await SyncDir.UploadAsync(local, "/data/x", data.Options with { Mirror = true }, cancellationToken: cancellation.Token);
                old = FolderImage.Of(local);
            }
            catch (OperationCanceledException)
            {
                // Whether the last step had been taken is for the folder to say; it is one or the other.
                var now = await SettledAsync(data);
                old = now.SequenceEqual(old) ? old : FolderImage.Of(local);
            }

            Assert.Equal(old, await SettledAsync(data));
        }
    }

    [Fact]
    public async Task AnExceptionOfTheProgressEndsTheUploadWithIt()
    {
        using var data = new DataHost();
        data.Write("a", new string('x', 1_000_000));

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() =>
            SyncDir.UploadAsync(data.Local, "/data/x", data.Options, new Reports(_ => throw new InvalidTimeZoneException()), Token)
        );

        Assert.False(Directory.Exists(Path.Combine(data.Files, "x")));
    }

    [Fact]
    public async Task ProgressNeverGoesBackAndEndsExactly()
    {
        using var data = new DataHost();
        for (var i = 0; i < 300; i++)
        {
            data.Write($"{i % 7}/{i}", new string('x', i * 100) + i);
        }

        var reports = new Reports();
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, reports, Token);

        Assert.Equal((300, 300), (reports.Last.FilesDone, reports.Last.FilesTotal));
        Assert.Equal(reports.Last.BytesTotal, reports.Last.BytesDone);
        Assert.All(
            reports.All.Zip(reports.All.Skip(1)),
            pair =>
                Assert.True(
                    pair.First.FilesDone <= pair.Second.FilesDone
                        && pair.First.BytesDone <= pair.Second.BytesDone
                        && pair.First.BytesSent <= pair.Second.BytesSent
                )
        );
    }

    [Fact]
    public async Task TheBlockingUploadNeedsNoOtherThreadOfItsCaller()
    {
        using var data = new DataHost();
        data.Write("a", "1");

        await new OneThreadContext().Run(() => SyncDir.Upload(data.Local, "/data/x", data.Options)).WaitAsync(Eventually.Limit, Token);

        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(data.Files, "x", "a"), Token));
    }

    // A commit that was cancelled in its last moment may still be going on.
    private static async Task<IReadOnlyList<string>> SettledAsync(DataHost data)
    {
        var trees = Path.Combine(data.Data, "uploads", "trees");
        await Eventually.TrueAsync(() => !Directory.EnumerateFileSystemEntries(trees).Any(), () => "a tree is left.");
        return FolderImage.Of(Path.Combine(data.Files, "x"));
    }
}
