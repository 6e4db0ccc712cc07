using System.Buffers;
using System.Runtime.InteropServices;
using CsCheck;
using FalServerless.Protocol;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Protocol;

public class SegmentedBufferTests
{
    [Fact]
    public void WhatIsWrittenInAnyPiecesIsReadInOrder() =>
        Gen.Select(Gen.Int[0, 200_000].SelectMany(most => Gen.Int[0, most]), Gen.Bool)
            .Array[0, 19]
            .Sample(
                200,
                pieces =>
                {
                    var buffer = new SegmentedBuffer();
                    var expected = new List<byte>();
                    foreach (var (length, looks) in pieces)
                    {
                        var piece = new byte[length];
                        new Random(length).NextBytes(piece);
                        expected.AddRange(piece);
                        buffer.Write(piece);
                        if (looks)
                        {
                            Assert.Equal(expected.Count, buffer.Written.Length);
                        }
                    }

                    Assert.Equal(expected.Count, buffer.Length);
                    Assert.True(buffer.Written.ToArray().AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(expected)));
                }
            );

    [Fact]
    public void WhatWasReadStaysAsItWasWhenMoreIsWritten()
    {
        var buffer = new SegmentedBuffer();
        buffer.Write("first"u8);
        var first = buffer.Written;
        buffer.Write(new byte[1000]);
        buffer.Write("second"u8);

        Assert.Equal("first"u8.ToArray(), first.ToArray());
        Assert.Equal(1011, buffer.Written.Length);
    }

    [Fact]
    public void PiecesAreNoLargerThanWhatIsAskedFor()
    {
        var buffer = new SegmentedBuffer();
        buffer.Write(new byte[1 << 20]);
        Assert.True(buffer.GetMemory(500_000).Length >= 500_000);

        foreach (var piece in buffer.Written)
        {
            Assert.InRange(piece.Length, 0, 64 << 10);
        }
    }

    [Fact]
    public void MoreThanTheLimitIsRefused()
    {
        var buffer = new SegmentedBuffer(limit: 1000);
        buffer.Write(new byte[1000]);

        Assert.Equal(1000, Assert.Throws<BufferLimitException>(() => buffer.Write("x"u8)).Limit);
        Assert.Throws<BufferLimitException>(() => new SegmentedBuffer(limit: 1000).GetSpan(1001));
    }

    [Fact]
    public void ARentedOneIsEmptyAgainAfterItsReturn()
    {
        var buffer = SegmentedBuffer.Rent();
        buffer.Write(new byte[100_000]);
        buffer.Return();

        Assert.Same(buffer, SegmentedBuffer.Rent());
        Assert.Equal(0, buffer.Length);
        Assert.True(buffer.Written.IsEmpty);
        buffer.Return();
    }

    [Fact]
    public void SmallValuesCostNothingAtEachUse()
    {
        SegmentedBuffer.Rent().Return();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            var buffer = SegmentedBuffer.Rent();
            buffer.GetSpan(1000);
            buffer.Advance(1000);
            _ = buffer.Written;
            buffer.Return();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
