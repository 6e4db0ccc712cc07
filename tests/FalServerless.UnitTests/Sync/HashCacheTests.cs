using FalServerless.Protocol;
using FalServerless.Sync;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Sync;

public class HashCacheTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private static readonly LocalEntry Entry = new()
    {
        Path = "a/b",
        FullPath = "/x/a/b",
        Kind = DataEntryKind.File,
        Size = 5,
        Modified = Now.UtcDateTime.AddSeconds(-10),
    };

    private static readonly ContentHash Content = ContentHash.Of("hello"u8);

    [Fact]
    public void AHashIsFoundAgainUntilTheFileChanges()
    {
        using var cache = new Folder();
        cache.Keep(Entry);

        Assert.Equal(Content, cache.Open().Find(Entry));
        Assert.Null(cache.Open().Find(Entry with { Size = 6 }));
        Assert.Null(cache.Open().Find(Entry with { Modified = Entry.Modified.AddTicks(1) }));
        Assert.Null(cache.Open().Find(Entry with { Path = "a/c" }));
        Assert.Null(cache.Open("/another").Find(Entry));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(10)]
    public void AFileThatIsTooYoungIsReadAgain(double seconds)
    {
        using var cache = new Folder();
        var young = Entry with { Modified = Now.UtcDateTime.AddSeconds(seconds) };
        cache.Keep(young);

        Assert.Null(cache.Open().Find(young));
    }

    [Fact]
    public void ADamagedCacheIsEmpty()
    {
        using var cache = new Folder();
        cache.Keep(Entry);
        var bytes = File.ReadAllBytes(cache.File);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(cache.File, bytes[..length]);
            Assert.Null(cache.Open().Find(Entry));
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            File.WriteAllBytes(cache.File, [.. bytes[..i], (byte)(bytes[i] ^ 0x80), .. bytes[(i + 1)..]]);
            _ = cache.Open().Find(Entry);
        }
    }

    [Fact]
    public void WhatIsGoneDropsOutAndSoDoCachesOfFoldersThatAreGone()
    {
        using var cache = new Folder();
        cache.Keep(Entry);
        cache.Keep(Entry with { Path = "other" });
        var left = Path.Combine(Path.GetDirectoryName(cache.File)!, "left");
        File.WriteAllText(left, "");
        File.SetLastWriteTimeUtc(left, Now.UtcDateTime.AddDays(-91));
        var open = cache.Open();
        Assert.NotNull(open.Find(Entry));
        open.Save(Now);

        Assert.Null(cache.Open().Find(Entry with { Path = "other" }));
        Assert.NotNull(cache.Open().Find(Entry));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task TwoAtOnceNeverBreakIt()
    {
        using var cache = new Folder();
        await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i =>
                    Task.Run(() =>
                    {
                        cache.Keep(Entry with { Path = $"{i}" });
                        _ = cache.Open().Find(Entry);
                    })
                )
        );

        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(cache.File)!));
        Assert.Contains(Enumerable.Range(0, 50), i => cache.Open().Find(Entry with { Path = $"{i}" }) is not null);
    }

    [Fact]
    public void OnlyItsOwnerMayReadIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        using var cache = new Folder();
        cache.Keep(Entry);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(cache.File).UnixFileMode);
    }

    private sealed class Folder : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public string File => _folder.File($"caches/{ContentHash.Of("/x"u8)}");

        public HashCache Open(string directory = "/x") => HashCache.Open(directory, _folder.File("caches"));

        public void Keep(LocalEntry entry)
        {
            var cache = Open();
            _ = cache.Find(Entry);
            cache.Add(entry, Content, Now);
            cache.Save(Now);
        }

        public void Dispose() => _folder.Dispose();
    }
}
