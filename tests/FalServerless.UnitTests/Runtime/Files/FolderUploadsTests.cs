using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Uploads;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Runtime.Files;

public class FolderUploadsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFolderBecomesWhatTheManifestSaysOnceAllContentIsHere()
    {
        using var data = new DataUnderTest();
        ManifestEntry[] entries =
        [
            DataUnderTest.Folder("d", 0b101_101_101),
            DataUnderTest.File("d/f", "1", 0b111_000_000),
            DataUnderTest.File("e", ""),
            DataUnderTest.Link("l", "d/f"),
            DataUnderTest.File("same", "1"),
        ];

        var before = await data.ApplyAsync("/data/a/b", entries);
        Assert.False(Directory.Exists(data.PathOf("a")));
        await data.TakeAsync("1", "");
        var after = await data.ApplyAsync("/data/a/b", entries);
        var again = await data.ApplyAsync("/data/a/b", entries);

        Assert.Equal((null, 2), (before.Path, before.Missing.Count));
        Assert.Equal(("/data/a/b", 5L, 0L), (after.Path, after.Written, after.Removed));
        Assert.Equal(("/data/a/b", 0L, 0L), (again.Path, again.Written, again.Removed));
        Assert.Equal(
            [
                "d/ OtherExecute, OtherRead, GroupExecute, GroupRead, UserExecute, UserRead",
                $"d/f UserExecute, UserWrite, UserRead 2026-01-02T03:04:05.1234567Z {DataUnderTest.Hash("1")}",
                "e",
                "l -> d/f",
                "same",
            ],
            FolderImage
                .Of(data.PathOf("a/b"))
                .Select(line =>
                    line[0] is 'd' or 'l'
                        ? line.Replace(
                            DataUnderTest.Hash("1").ToString().ToUpperInvariant(),
                            DataUnderTest.Hash("1").ToString(),
                            StringComparison.Ordinal
                        )
                        : line.Split(' ')[0]
                )
        );
        Assert.Empty(Directory.GetFiles(Path.Combine(data.Uploads, "packs")));
    }

    [Fact]
    public async Task WhatStaysKeepsItsFileAndNoTwoPathsShareOne()
    {
        using var data = new DataUnderTest();
        await data.UploadAsync("/data/x", mirror: false, ("kept", "1"), ("other", "1"), ("changed", "2"));
        var kept = Inode(data.PathOf("x/kept"));

        await data.UploadAsync("/data/x", mirror: false, ("kept", "1"), ("changed", "3"), ("third", "1"));

        Assert.Equal(kept, Inode(data.PathOf("x/kept")));
        Assert.Equal(4, new[] { "kept", "other", "changed", "third" }.Select(name => Inode(data.PathOf("x/" + name))).Distinct().Count());
        Assert.Equal("3", await File.ReadAllTextAsync(data.PathOf("x/changed"), Token));
    }

    [Fact]
    public async Task EntriesOfAnotherKindAreReplacedAndCounted()
    {
        using var data = new DataUnderTest();
        await data.TakeAsync("1");
        await data.ApplyAsync(
            "/data/x",
            DataUnderTest.Folder("a"),
            DataUnderTest.File("a/b", "1"),
            DataUnderTest.File("f", "1"),
            DataUnderTest.Link("l", "f")
        );
        await data.TakeAsync("1");

        var answer = await data.ApplyAsync(
            "/data/x",
            DataUnderTest.File("a", "1"),
            DataUnderTest.Folder("f"),
            DataUnderTest.Link("l", "a")
        );
        var mirrored = await data.ApplyAsync("/data/x", mirror: true, DataUnderTest.File("a", "1"));

        Assert.Equal((3L, 1L), (answer.Written, answer.Removed));
        Assert.Equal((0L, 2L), (mirrored.Written, mirrored.Removed));
        Assert.Equal(["a"], Directory.GetFileSystemEntries(data.PathOf("x")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task AFileThatHasTheContentAlreadyNeedNotBeSent()
    {
        using var data = new DataUnderTest();
        await data.UploadAsync("/data/x", mirror: false, ("a", "of an upload"));
        await File.WriteAllTextAsync(data.PathOf("x/b"), "of a body", Token);
        File.SetLastWriteTimeUtc(data.PathOf("x/a"), DateTime.UnixEpoch);

        var answer = await data.ApplyAsync("/data/x", DataUnderTest.File("a", "of an upload"), DataUnderTest.File("b", "of a body"));
        var moved = await data.ApplyAsync("/data/x", mirror: true, DataUnderTest.File("c", "of a body"));

        Assert.Equal(("/data/x", "/data/x"), (answer.Path, moved.Path));
        Assert.Equal(DataUnderTest.Old, File.GetLastWriteTimeUtc(data.PathOf("x/c")));
    }

    [Fact]
    public async Task AFileThatABodyChangedIsNotTakenForWhatAnUploadPutThere()
    {
        using var data = new DataUnderTest();
        await data.UploadAsync("/data/x", mirror: false, ("a", "one"));
        await File.WriteAllTextAsync(data.PathOf("x/a"), "two", Token);

        var answer = await data.ApplyAsync("/data/x", DataUnderTest.File("a", "one"));

        Assert.Equal(DataUnderTest.Hash("one"), Assert.Single(answer.Missing).Content);
        Assert.Equal("two", await File.ReadAllTextAsync(data.PathOf("x/a"), Token));
    }

    [Fact]
    public async Task ADamagedIndexCostsReadingOnly()
    {
        using var data = new DataUnderTest();
        await data.UploadAsync("/data/x", mirror: false, ("a", "1"), ("b", "2"));
        foreach (var index in Directory.GetFiles(Path.Combine(data.Uploads, "indexes")))
        {
            var bytes = await File.ReadAllBytesAsync(index, Token);
            for (var length = 0; length < bytes.Length; length++)
            {
                await File.WriteAllBytesAsync(index, bytes[..length], Token);
                Assert.Equal(
                    "/data/x",
                    (await data.ApplyAsync("/data/x", DataUnderTest.File("a", "1"), DataUnderTest.File("b", "2"))).Path
                );
            }
        }
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("link")]
    [InlineData("link/below")]
    public async Task NothingIsReachedThroughAFileOrALink(string target)
    {
        using var data = new DataUnderTest();
        using var outside = new TemporaryFolder();
        await data.UploadAsync("/data/x", mirror: false, ("f", "1"));
        await File.WriteAllTextAsync(data.PathOf("file"), "", Token);
        File.CreateSymbolicLink(data.PathOf("link"), outside.Path);
        await data.TakeAsync("1");

        var refused = await Assert.ThrowsAsync<DataException>(() => data.ApplyAsync("/data/" + target, DataUnderTest.File("f", "1")));

        Assert.Equal((DataFault.Conflict, "/data/" + target.Split('/')[0]), (refused.Fault, refused.Path));
        Assert.Empty(Directory.GetFileSystemEntries(outside.Path));
        Assert.Equal(3, Directory.GetFileSystemEntries(data.Files).Length);
        Assert.Throws<DataException>(() => data.Store.Files.List("/data/link/x", isRecursive: true).ToArray());
    }

    [Fact]
    public async Task LinksThatAreSwappedInLeadNothingOutside()
    {
        using var data = new DataUnderTest();
        using var outside = new TemporaryFolder();
        await File.WriteAllTextAsync(outside.File("a"), "outside", Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var swapping = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    foreach (var name in new[] { "x", "x/d" })
                    {
                        try
                        {
                            Directory.Move(data.PathOf(name), data.PathOf("aside"));
                            File.CreateSymbolicLink(data.PathOf(name), outside.Path);
                            File.Delete(data.PathOf(name));
                            Directory.Move(data.PathOf("aside"), data.PathOf(name));
                        }
                        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                        {
                            // A commit came between; begin again.
                            if (Directory.Exists(data.PathOf("aside")))
                            {
                                Directory.Delete(data.PathOf("aside"), recursive: true);
                            }
                        }
                    }
                }
            },
            Token
        );
        var done = 0;
        for (var round = 0; round < 200; round++)
        {
            try
            {
                await data.TakeAsync($"{round}", "a");
                var answer = await data.ApplyAsync(
                    "/data/x",
                    round % 2 == 0,
                    DataUnderTest.Folder("d"),
                    DataUnderTest.File("d/a", $"{round}"),
                    DataUnderTest.File("a", "a")
                );
                done += answer.Path is null ? 0 : 1;
            }
            catch (DataException)
            {
                // The link was there when it was looked at.
            }
        }

        await stop.CancelAsync();
        await swapping;

        Assert.Equal(["a"], Directory.GetFileSystemEntries(outside.Path).Select(Path.GetFileName));
        Assert.Equal("outside", await File.ReadAllTextAsync(outside.File("a"), Token));
        Assert.NotEqual(0, done);
    }

    [Fact]
    public async Task AReaderSeesTheOldFolderOrTheNewOne()
    {
        using var data = new DataUnderTest();
        await data.UploadAsync("/data/x", mirror: true, ("a", "0"), ("b", "0"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (read, mixed) = (0, 0);
        var reading = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    using var folder = FalServerless.Runtime.Files.Folders.Folder.Open(data.PathOf("x"));
                    try
                    {
                        var texts = folder
                            .Names()
                            .Select(name =>
                            {
                                using var file = folder.OpenFile(name);
                                var bytes = new byte[8];
                                return System.Text.Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
                            })
                            .ToArray();
                        mixed += texts.Length == 2 && texts[0] != texts[1] ? 1 : 0;
                        read++;
                    }
                    catch (IOException)
                    {
                        // The old folder is being removed.
                    }
                }
            },
            Token
        );
        for (var round = 1; round <= 50 || read < 20; round++)
        {
            await data.UploadAsync("/data/x", mirror: true, ("a", $"{round}"), ("b", $"{round}"));
        }

        await stop.CancelAsync();
        await reading;

        // One that has the old folder open may find it half removed, but never with a file of the new one.
        Assert.Equal(0, mixed);
    }

    [Fact]
    public async Task WhatABodyPutsThereMeanwhileStays()
    {
        using var data = new DataUnderTest();
        await data.UploadAsync("/data/x", mirror: false, ("a", "0"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var written = 0;
        var writing = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    // So few that the folder stays small.
                    await Task.Delay(1, CancellationToken.None);
                    try
                    {
                        File.WriteAllText(data.PathOf($"x/body {written}"), "");
                        written++;
                    }
                    catch (FileNotFoundException)
                    {
                        // It was on its way into the old folder when that went: it hears of it, and nothing is lost. There always
                        // is a folder: a DirectoryNotFoundException ends the test.
                    }
                }
            },
            Token
        );
        for (var round = 1; round <= 50 || (Volatile.Read(ref written) == 0 && !writing.IsCompleted); round++)
        {
            await data.UploadAsync("/data/x", mirror: false, ("a", $"{round}"));
        }

        await stop.CancelAsync();
        await writing;

        Assert.NotEqual(0, written);
        Assert.Equal(written, Directory.GetFiles(data.PathOf("x"), "body *").Length);
    }

    [Fact]
    public async Task TwoHostsOnOneFolderTakeTurns()
    {
        using var one = new DataUnderTest();
        using var two = new DataUnderTest(one.Directory);

        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    Task.Run(
                        () => (i % 2 == 0 ? one : two).UploadAsync("/data/x", mirror: false, ($"{i}", $"{i}"), ("all", $"all {i}")),
                        Token
                    )
                )
        );

        Assert.Equal(41, Directory.GetFiles(one.PathOf("x")).Length);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(one.Uploads, "trees")));
    }

    [Fact]
    public async Task ACancelledUploadLeavesNothingBehind()
    {
        using var data = new DataUnderTest();
        await data.TakeAsync("1");
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            data.Store.Uploads.ApplyAsync(new() { Directory = "/data/x", Entries = [DataUnderTest.File("a", "1")] }, cancellation.Token)
        );

        Assert.False(Directory.Exists(data.PathOf("x")));
        Assert.Equal("/data/x", (await data.ApplyAsync("/data/x", DataUnderTest.File("a", "1"))).Path);
    }

    [Fact]
    public async Task AFolderMayLieInOrAroundAnother()
    {
        using var data = new DataUnderTest();
        await data.UploadAsync("/data/x/y", mirror: false, ("a", "1"));
        await data.UploadAsync("/data/x", mirror: false, ("b", "2"));
        await data.UploadAsync("/data/x/y", mirror: true, ("c", "3"));

        Assert.Equal(["b", "y", "y/c"], FolderImage.Of(data.PathOf("x")).Select(line => line.Split(' ')[0].TrimEnd('/')));
    }

    [Fact]
    public async Task LeftoversOfAKilledHostAreRemovedWithTheNextUpload()
    {
        using var data = new DataUnderTest();
        var left = Directory.CreateDirectory(Path.Combine(data.Uploads, "trees", "left", "tree", "deep")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "f"), "", Token);
        using (var tree = FalServerless.Runtime.Files.Folders.Folder.Open(Path.GetDirectoryName(left)!))
        {
            tree.SetMode("deep", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await data.UploadAsync("/data/x", mirror: false, ("a", "1"));

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(data.Uploads, "trees")));
    }

    private static long Inode(string path)
    {
        using var folder = FalServerless.Runtime.Files.Folders.Folder.Open(Path.GetDirectoryName(path)!);
        return folder.Stat(Path.GetFileName(path))!.Value.Inode;
    }
}
