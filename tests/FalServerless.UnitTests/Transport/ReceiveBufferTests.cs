using FalServerless.Transport;

namespace FalServerless.UnitTests.Transport;

public class ReceiveBufferTests
{
    [Fact]
    public void BytesAreTakenInTheOrderInWhichTheyWereReceived()
    {
        var buffer = new ReceiveBuffer(size: 16);
        Receive(buffer, [1, 2, 3], wanted: 3);
        Assert.Equal([1], buffer.Take(1).ToArray());

        Receive(buffer, [.. Enumerable.Range(4, 97).Select(i => (byte)i)], wanted: 99);

        Assert.Equal(99, buffer.Length);
        Assert.Equal([.. Enumerable.Range(2, 99).Select(i => (byte)i)], buffer.Take(99).ToArray());
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void ItGrowsWithWhatHasComeAndNotWithWhatIsWanted()
    {
        var buffer = new ReceiveBuffer(size: 16);
        var first = buffer.GetMemory(wanted: 1 << 20).Length;

        Assert.InRange(first, 16, 32);

        buffer.Advance(first);
        Assert.InRange(first + buffer.GetMemory(wanted: 1 << 20).Length, 2 * first, 3 * first);
    }

    [Fact]
    public void ALargeOneBecomesSmallOnceAllIsTaken()
    {
        var buffer = new ReceiveBuffer(size: 16, largestKept: 1024);
        Receive(buffer, new byte[5000], wanted: 5000);
        buffer.Take(4999);
        Assert.True(buffer.GetMemory(wanted: 1).Length > 1024);

        buffer.Take(1);

        Assert.InRange(buffer.GetMemory(wanted: 1).Length, 16, 32);
    }

    private static void Receive(ReceiveBuffer buffer, byte[] bytes, int wanted)
    {
        for (var received = 0; received < bytes.Length; )
        {
            var room = buffer.GetMemory(wanted);
            var count = Math.Min(room.Length, bytes.Length - received);
            bytes.AsSpan(received, count).CopyTo(room.Span);
            buffer.Advance(count);
            received += count;
        }
    }
}
