using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.Tests.Shared.Scripted;

/// <summary>The bare response to a call.</summary>
internal sealed class CallEvents(HttpResponseMessage response, Stream stream) : IDisposable
{
    public int Status => (int)response.StatusCode;

    public async Task<(InvocationEventKind Kind, byte[] Payload)> NextAsync()
    {
        var header = new byte[EventHeader.Size];
        await stream.ReadExactlyAsync(header, TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit);
        var (kind, length) = EventHeader.Read(header);
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit);
        return (kind, payload);
    }

    /// <summary>The next event, which must be a refusal, or the refusal that the response is.</summary>
    public async Task<Refusal> RefusalAsync()
    {
        if (Status != 200)
        {
            using var body = new MemoryStream();
            await stream.CopyToAsync(body, TestContext.Current.CancellationToken);
            return RefusalCodec.Read(new(body.ToArray()));
        }

        var (kind, payload) = await NextAsync();
        Assert.Equal(InvocationEventKind.Refusal, kind);
        return RefusalCodec.Read(new(payload));
    }

    /// <summary>Reads the whole response and keeps nothing.</summary>
    public async Task SkipToEndAsync()
    {
        var buffer = new byte[64 << 10];
        while (await stream.ReadAsync(buffer) > 0) { }
    }

    /// <summary>Whether the response ends here as a whole one does.</summary>
    public async Task<bool> HasEndedAsync() => await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 0;

    public void Dispose() => response.Dispose();
}
