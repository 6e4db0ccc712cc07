using System.Buffers;
using FalServerless.Worker.Events;

namespace FalServerless.Tests.Worker.Events;

public class SegmentedBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 << 10)]
    [InlineData((16 << 10) + 1)]
    [InlineData(1_000_000)]
    public void WhatIsWrittenInAnyPiecesIsThere(int length)
    {
        var random = new Random(1);
        var bytes = new byte[length];
        random.NextBytes(bytes);
        var buffer = new SegmentedBuffer();
        for (var round = 0; round < 2; round++)
        {
            for (var at = 0; at < length;)
            {
                var piece = bytes.AsSpan(at, Math.Min(random.Next(1, 100_000), length - at));
                piece.CopyTo(buffer.GetSpan(piece.Length));
                buffer.Advance(piece.Length);
                at += piece.Length;
            }

            Assert.Equal(length, buffer.Length);
            Assert.Equal(bytes, buffer.Written.ToArray());
            buffer.Clear();
            Assert.True(buffer.Written.IsEmpty);
        }
    }

    [Fact]
    public void NoMoreIsTakenThanTheLimit()
    {
        var buffer = new SegmentedBuffer(limit: 100_000);
        buffer.Write(new byte[100_000]);

        Assert.Throws<TooLargeException>(() => buffer.Write(new byte[1]));
        Assert.Throws<TooLargeException>(() => new SegmentedBuffer(limit: 100_000).GetSpan(100_001));
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
