using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Uploads;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Randomness;
using Microsoft.Extensions.Time.Testing;

namespace FalServerless.UnitTests.Runtime.Files;

public class ContentIntakeTests
{
    private static readonly string Large = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsNotWhatItsHashSaysIsRefusedAndNotKept()
    {
        using var data = new DataUnderTest();

        var small = await Assert.ThrowsAsync<DataException>(() =>
            data.TakeAsync(DataUnderTest.Piece("forged", hash: DataUnderTest.Hash("true")))
        );
        var large = await Assert.ThrowsAsync<DataException>(() =>
            data.TakeAsync(
                DataUnderTest.Piece(Large, 0, 1000, DataUnderTest.Hash("true")),
                DataUnderTest.Piece(Large, 1000, null, DataUnderTest.Hash("true"))
            )
        );

        Assert.Equal((DataFault.Mismatch, DataFault.Mismatch), (small.Fault, large.Fault));
        var answer = await data.ApplyAsync("/data/x", DataUnderTest.File("a", "true"));
        Assert.Equal(0, Assert.Single(answer.Missing).Received);
        Assert.Empty(Directory.GetFiles(Path.Combine(data.Uploads, "packs")));
    }

    [Fact]
    public async Task AContentComesInAnyPiecesAndWhatIsHereIsPassedOver()
    {
        var random = Printed.Random(nameof(AContentComesInAnyPiecesAndWhatIsHereIsPassedOver));
        for (var round = 0; round < Printed.Cases(30); round++)
        {
            using var data = new DataUnderTest();
            for (var have = 0; have < Large.Length; )
            {
                var from = random.Next(have + 1);
                var length = Math.Min(Large.Length - from, random.Next(1, 200_000));
                await data.TakeAsync(DataUnderTest.Piece(Large, from, length));
                have = Math.Max(have, from + length);
                if (random.Next(3) == 0)
                {
                    data.Restart();
                }

                var missing = (await data.ApplyAsync("/data/x", DataUnderTest.File("a", Large))).Missing;
                Assert.Equal(have < Large.Length ? have : -1L, missing.Count == 0 ? -1L : missing[0].Received);
            }

            Assert.Equal(Large, await File.ReadAllTextAsync(data.PathOf("x/a"), Token));
        }
    }

    [Fact]
    public async Task AGapIsRefusedAndWhatCameBeforeStays()
    {
        using var data = new DataUnderTest();

        var refused = await Assert.ThrowsAsync<DataException>(() =>
            data.TakeAsync(DataUnderTest.Piece("small"), DataUnderTest.Piece(Large, 0, 5000), DataUnderTest.Piece(Large, 5001, 1000))
        );

        Assert.Equal(DataFault.Conflict, refused.Fault);
        var missing = (await data.ApplyAsync("/data/x", DataUnderTest.File("a", Large), DataUnderTest.File("b", "small"))).Missing;
        Assert.Equal(new MissingContent(DataUnderTest.Hash(Large), 5000), Assert.Single(missing));
    }

    [Fact]
    public async Task EveryTruncationIsRefusedAndWhatCameBeforeStays()
    {
        var bytes = DataUnderTest.Piece("first").Concat(DataUnderTest.Piece("second")).ToArray();
        using var data = new DataUnderTest();
        for (var length = 1; length < bytes.Length; length++)
        {
            if (length != DataUnderTest.Piece("first").Length)
            {
                await Assert.ThrowsAsync<ProtocolException>(() => data.TakeAsync(bytes[..length]));
            }
        }

        data.Restart();
        Assert.Equal(
            DataUnderTest.Hash("second"),
            Assert
                .Single((await data.ApplyAsync("/data/x", DataUnderTest.File("a", "first"), DataUnderTest.File("b", "second"))).Missing)
                .Content
        );
    }

    [Fact]
    public async Task MutatedPiecesNeverBecomeAFileOfAnotherContent()
    {
        var random = Printed.Random(nameof(MutatedPiecesNeverBecomeAFileOfAnotherContent));
        using var data = new DataUnderTest();
        for (var round = 0; round < Printed.Cases(500); round++)
        {
            var text = $"content {round}";
            var bytes = DataUnderTest
                .Piece(text)
                .Concat(DataUnderTest.Piece(text + Large[..3000], 0, 1000))
                .Concat(DataUnderTest.Piece(text + Large[..3000], 1000))
                .ToArray();
            for (var i = random.Next(3); i >= 0; i--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                await data.TakeAsync(bytes);
            }
            catch (Exception e) when (e is DataException or ProtocolException) { }

            if (
                (
                    await data.ApplyAsync(
                        "/data/x",
                        mirror: true,
                        DataUnderTest.File("a", text),
                        DataUnderTest.File("b", text + Large[..3000])
                    )
                ).Path
                is not null
            )
            {
                Assert.Equal(
                    (text, text + Large[..3000]),
                    (await File.ReadAllTextAsync(data.PathOf("x/a"), Token), await File.ReadAllTextAsync(data.PathOf("x/b"), Token))
                );
            }
        }
    }

    [Fact]
    public async Task TheSameContentFromSeveralRequestsAtOnceIsTakenOnce()
    {
        using var one = new DataUnderTest();
        using var two = new DataUnderTest(one.Directory);

        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(i =>
                    Task.Run(
                        () =>
                            (i % 2 == 0 ? one : two).TakeAsync(DataUnderTest.Piece(Large, 0, 200_000), DataUnderTest.Piece(Large, 200_000)),
                        Token
                    )
                )
        );
        await one.ApplyAsync("/data/x", DataUnderTest.File("a", Large));

        Assert.Equal(Large, await File.ReadAllTextAsync(one.PathOf("x/a"), Token));
    }

    [Fact]
    public async Task ADamagedPackIsAsIfItsContentHadNotCome()
    {
        using var data = new DataUnderTest();
        await data.TakeAsync("one", "two");
        var pack = Assert.Single(Directory.GetFiles(Path.Combine(data.Uploads, "packs")));
        var bytes = await File.ReadAllBytesAsync(pack, Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes, Token);
        data.Restart();

        var answer = await data.ApplyAsync("/data/x", DataUnderTest.File("a", "one"), DataUnderTest.File("b", "two"));
        await data.TakeAsync("two");

        Assert.Equal(DataUnderTest.Hash("two"), Assert.Single(answer.Missing).Content);
        Assert.False(Directory.Exists(data.PathOf("x")));
        Assert.Equal("/data/x", (await data.ApplyAsync("/data/x", DataUnderTest.File("a", "one"), DataUnderTest.File("b", "two"))).Path);
    }

    [Fact]
    public async Task AContentThatAFolderHasTooIsNotUsed()
    {
        using var data = new DataUnderTest();
        await data.TakeAsync(DataUnderTest.Piece(Large, 0, 1000), DataUnderTest.Piece(Large, 1000));
        using (var contents = FalServerless.Runtime.Files.Folders.Folder.Open(Path.Combine(data.Uploads, "contents")))
        using (var files = FalServerless.Runtime.Files.Folders.Folder.Open(Directory.CreateDirectory(data.PathOf("y")).FullName))
        {
            contents.AddName(DataUnderTest.Hash(Large).ToString(), files, "a");
        }

        await File.AppendAllTextAsync(data.PathOf("y/a"), "changed by a body", Token);

        Assert.Equal(
            DataUnderTest.Hash(Large),
            Assert.Single((await data.ApplyAsync("/data/x", DataUnderTest.File("a", Large))).Missing).Content
        );
    }

    [Fact]
    public async Task ContentThatNobodyUsesGoesAfterADay()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var data = new DataUnderTest(time: time);
        await data.TakeAsync(DataUnderTest.Piece("small"), DataUnderTest.Piece(Large, 0, 1000));
        await data.ApplyAsync("/data/x", DataUnderTest.Folder("d"));
        Assert.Single(Directory.GetFiles(Path.Combine(data.Uploads, "packs")));

        time.Advance(TimeSpan.FromHours(25));
        await data.ApplyAsync("/data/x", DataUnderTest.Folder("e"));

        Assert.Empty(Directory.GetFiles(Path.Combine(data.Uploads, "packs")));
        Assert.Empty(Directory.GetFiles(Path.Combine(data.Uploads, "contents")));
    }
}
