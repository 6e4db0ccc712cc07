using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Workers;

public class EventQueueTests
{
    private readonly EventQueue _events = new();
    private readonly ArrayBufferWriter<byte> _output = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AReaderOfADroppedCallIsNotLeftWaiting()
    {
        var ticket = _events.Attach(0)!.Value;
        var waiting = _events.WaitAsync(ticket).AsTask();
        Assert.False(waiting.IsCompleted);

        _events.Drop();

        await waiting.WaitAsync(Eventually.Limit, Token);
        Assert.False(_events.IsReader(ticket));
        Assert.False(_events.TryTake(ticket, _output, out _));
        Assert.False(_events.TryAdd(InvocationEventKind.Result, EventSource.Once, [1], out _));
    }

    [Fact]
    public async Task EveryEventIsTakenInOrderWhileAnotherThreadAdds()
    {
        const int Count = 200_000;
        var ticket = _events.Attach(0)!.Value;
        var adding = Task.Run(
            () =>
            {
                Span<byte> payload = stackalloc byte[4];
                for (var i = 0; i < Count; i++)
                {
                    BitConverter.TryWriteBytes(payload, i);
                    _events.TryAdd(InvocationEventKind.Log, EventSource.Once, payload, out _);
                }

                _events.TryAdd(InvocationEventKind.Result, EventSource.Once, [], out _);
            },
            Token
        );
        var expected = 0;
        var ended = false;
        while (!ended)
        {
            await _events.WaitAsync(ticket).AsTask().WaitAsync(Eventually.Limit, Token);
            while (_events.TryPeek(ticket, out var size, out ended))
            {
                _output.ResetWrittenCount();
                Assert.True(_events.TryTake(ticket, _output, out _));
                Assert.Equal(size, _output.WrittenCount);
                Assert.Equal(ended ? Count : expected++, ended ? expected : BitConverter.ToInt32(_output.WrittenSpan[EventHeader.Size..]));
            }

            ended = _events.HasEnded && expected == Count;
        }

        await adding;
        Assert.Equal(Count, expected);
    }

    [Fact]
    public void AfterTheLastEventNothingIsAdded()
    {
        var ticket = _events.Attach(0)!.Value;
        Assert.True(_events.TryAdd(InvocationEventKind.Failure, EventSource.Once, [1], out _));
        Assert.True(_events.HasEnded);
        Assert.False(_events.TryAdd(InvocationEventKind.Log, EventSource.Window, [2], out _));
        Assert.True(_events.TryPeek(ticket, out _, out var isLast));
        Assert.True(isLast);
        Assert.True(_events.TryTake(ticket, _output, out _));
        Assert.False(_events.TryPeek(ticket, out _, out _));
    }

    [Fact]
    public void TheLastHalfMebibyteOfTakenEventsStaysForTheNextReader()
    {
        const int Count = 100;
        var payload = new byte[50_000];
        var first = _events.Attach(0)!.Value;
        for (var i = 0; i < Count; i++)
        {
            payload[0] = (byte)i;
            _events.TryAdd(InvocationEventKind.Log, EventSource.Once, payload, out _);
            Assert.True(_events.TryTake(first, _output, out _));
        }

        var oldest = Enumerable.Range(0, Count).First(number => _events.Holds(number));
        Assert.InRange((Count - oldest) * (payload.Length + EventHeader.Size), 512 << 10, (512 << 10) + payload.Length + EventHeader.Size);
        Assert.Null(_events.Attach(oldest - 1));
        Assert.Null(_events.Attach(Count + 1));
        Assert.True(_events.IsReader(first));
        var second = _events.Attach(oldest)!.Value;
        Assert.False(_events.IsReader(first));
        Assert.False(_events.TryTake(first, _output, out _));
        _output.ResetWrittenCount();
        Assert.True(_events.TryTake(second, _output, out _));
        Assert.Equal(oldest, _output.WrittenSpan[EventHeader.Size]);
    }

    [Fact]
    public void CreditIsGivenOnceForWhatIsTakenTwice()
    {
        var payload = new byte[64 << 10];
        var ticket = _events.Attach(0)!.Value;
        for (var i = 0; i < 4; i++)
        {
            _events.TryAdd(InvocationEventKind.Item, EventSource.Window, payload, out var none);
            Assert.Equal(0, none);
        }

        var credits = new List<int>();
        for (var round = 0; round < 2; round++)
        {
            while (_events.TryTake(ticket, _output, out var credit))
            {
                credits.Add(credit);
            }

            ticket = _events.Attach(0)!.Value;
        }

        Assert.Equal([0, 0, 0, 4 * (payload.Length + ProtocolLimits.EventCost), 0, 0, 0, 0], credits);
    }

    [Fact]
    public async Task APipeWaitsWhileItsLinesAreNotRead()
    {
        var ticket = _events.Attach(0)!.Value;
        _events.WaitForRoom();
        _events.TryAdd(InvocationEventKind.Log, EventSource.Pipe, new byte[ProtocolLimits.EventWindow], out _);

        var waiting = Task.Run(_events.WaitForRoom, Token);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(TimeSpan.FromMilliseconds(100), Token));
        Assert.True(_events.TryTake(ticket, _output, out _));

        await waiting.WaitAsync(Eventually.Limit, Token);
    }
}
