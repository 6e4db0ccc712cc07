using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Runtime.Data;
using FalServerless.Runtime.Workers;

namespace FalServerless.Tests.Runtime.Workers;

public class InvocationTests
{
    private readonly Invocation _call = new(
        new() { Id = Guid.NewGuid(), Function = default, Environment = new() { MachineType = "XS", KeepAlive = TimeSpan.Zero }, Payload = ReadOnlySequence<byte>.Empty },
        new() { Hash = default, Assemblies = [], Definition = default });

    [Fact]
    public async Task AReaderOfAnAbandonedCallIsNotLeftWaiting()
    {
        var waiting = _call.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);

        _call.Abandon();

        await waiting.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.False(_call.TryTake(out _));
        Assert.False(_call.Post(InvocationEventKind.Result, [1]));
    }

    [Fact]
    public async Task EveryEventIsTakenInOrderWhileAnotherThreadPosts()
    {
        const int Count = 200_000;
        var posting = Task.Run(() =>
        {
            Span<byte> payload = stackalloc byte[4];
            for (var i = 0; i < Count; i++)
            {
                BitConverter.TryWriteBytes(payload, i);
                _call.Post(InvocationEventKind.Log, payload);
            }

            _call.Post(InvocationEventKind.Result, []);
        }, TestContext.Current.CancellationToken);
        var expected = 0;
        var ended = false;
        while (!ended)
        {
            await _call.WaitAsync().AsTask().WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
            while (_call.TryTake(out var taken))
            {
                using (taken)
                {
                    ended = taken.IsLast;
                    Assert.Equal(ended ? Count : expected++, ended ? expected : BitConverter.ToInt32(taken.Payload));
                }
            }
        }

        await posting;
        Assert.Equal(Count, expected);
    }

    [Fact]
    public void AfterTheLastEventNothingIsAdded()
    {
        Assert.True(_call.Post(InvocationEventKind.Failure, [1]));
        Assert.True(_call.HasEnded);
        Assert.False(_call.Post(InvocationEventKind.Log, [2]));
        Assert.False(_call.Refuse(new() { Reason = RefusalReason.Timeout, Message = "late" }));
        Assert.True(_call.TryTake(out var only));
        Assert.Equal(InvocationEventKind.Failure, only.Kind);
        Assert.False(_call.TryTake(out _));
    }
}
