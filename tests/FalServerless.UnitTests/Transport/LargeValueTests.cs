using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Transport;
using FalServerless.Transport;

namespace FalServerless.UnitTests.Transport;

public class LargeValueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100)]
    [InlineData(ProtocolLimits.Chunk)]
    [InlineData(20 << 20)]
    public async Task AnInputOfAnySizeArrivesWhole(int size)
    {
        var input = Bytes(size);
        using var host = new FakeHost { Answer = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7)) };
        var function = Isolated.Create((byte[] value) => value.Length, new() { Host = host });

        Assert.Equal(7, await function.InvokeAsync(input, Token));

        var values = new ValueSerializer(function.Function.Code.Types).ReadAll(host.Invocations.Single().Payload, function.Function.Types);
        Assert.Equal(input, (byte[])values[0]!);
    }

    [Fact]
    public async Task AnInputIsWrittenInPiecesAndSentAsTheseLieInMemory()
    {
        var payload = new SegmentedBuffer();
        new ValueSerializer(Isolated.Create(() => 1).Function.Code.Types).Write(payload, typeof(byte[]), Bytes(3_000_000));
        using var content = new MessageContent("head"u8.ToArray(), payload.Written);
        using var sent = new Pieces();

        await content.CopyToAsync(sent, Token);
        await content.CopyToAsync(sent, Token);

        ReadOnlyMemory<byte>[] pieces = [.. payload.Written];
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 64 << 10));
        Assert.Equal(4 + payload.Length, content.Headers.ContentLength);
        Assert.Equal(
            [4, .. pieces.Select(piece => piece.Length), 4, .. pieces.Select(piece => piece.Length)],
            sent.Written.Select(piece => piece.Length)
        );
        Assert.All(pieces.Index(), piece => Assert.True(piece.Item.Span == sent.Written[piece.Index + 1].Span));
    }

    [Fact]
    public async Task AResultThatComesInChunksIsReadWholeWithLogsInBetween()
    {
        var value = Bytes(5_000_000);
        var lines = new List<string>();
        var answer = Chunked(value, InvocationEventKind.Result, FakeHost.Line("between"));
        using var host = new FakeHost { Answer = FakeHost.Ok(answer) };

        Assert.Equal(
            value,
            await Isolated.Create(() => new byte[1], new() { Host = host, OnLog = entry => lines.Add(entry.Message) }).InvokeAsync(Token)
        );
        Assert.Equal(5_000_000 / ProtocolLimits.Chunk, lines.Count);
    }

    [Fact]
    public async Task ItemsThatComeInChunksAreReadWhole()
    {
        var (first, second) = (Bytes(200_000), Bytes(300_000));
        using var host = new FakeHost
        {
            Answer = FakeHost.Ok([
                .. Chunked(first, InvocationEventKind.Item),
                .. Chunked(second, InvocationEventKind.Item),
                .. FakeHost.Event(InvocationEventKind.Result),
            ]),
        };

        Assert.Equal([first, second], await Isolated.Create(() => Values(), new() { Host = host }).Invoke().ToListAsync(Token));
    }

    [Fact]
    public async Task ARefusalDropsTheChunksOfAnUnfinishedValue()
    {
        var refusal = RefusalCodec.Write(new() { Reason = RefusalReason.WorkerCrashed, Message = "It crashed." });
        using var host = new FakeHost
        {
            Answer = FakeHost.Ok([
                .. FakeHost.Event(InvocationEventKind.Chunk, 1, 2, 3),
                .. FakeHost.Event(InvocationEventKind.Refusal, refusal),
            ]),
        };

        await Assert.ThrowsAsync<WorkerCrashedException>(() => Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(Token));
    }

    [Fact]
    public async Task ChunksBelongToTheNextValueAndTheEndOfAStreamIsNone()
    {
        using var host = new FakeHost
        {
            Answer = FakeHost.Ok([.. FakeHost.Event(InvocationEventKind.Chunk, 7), .. FakeHost.Event(InvocationEventKind.Result)]),
        };
        using var stream = new FakeHost
        {
            Answer = FakeHost.Ok([.. FakeHost.Event(InvocationEventKind.Chunk, 7), .. FakeHost.Event(InvocationEventKind.Result)]),
        };

        Assert.Equal(7, await Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(Token));
        await Assert.ThrowsAsync<ProtocolException>(() =>
            Isolated.Create(() => Values(), new() { Host = stream }).Invoke().ToListAsync(Token).AsTask()
        );
    }

    [Fact]
    public void AValueThatGrowsBeyondTheLimitIsRefused()
    {
        var chunks = new ChunkAssembler(limit: 100);
        chunks.Add(new byte[60]);

        Assert.Throws<ProtocolException>(() => chunks.Add(new byte[41]));
        Assert.Throws<ProtocolException>(() => chunks.Complete(new byte[41]));
        Assert.Equal(100, chunks.Complete(new byte[40]).Length);
    }

    [Fact]
    public async Task TheReadersBufferDoesNotGrowWithChunks()
    {
        var chunk = FakeHost.Event(InvocationEventKind.Chunk, new byte[ProtocolLimits.Chunk]);
        using var events = new EventReader(
            new HttpResponseMessage(),
            new MemoryStream([.. Enumerable.Repeat(chunk, 500).SelectMany(bytes => bytes)])
        );
        await events.ReadAsync(Token);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 500; i++)
        {
            await events.ReadAsync(Token);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * ProtocolLimits.Chunk);
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Chunked(byte[] value, InvocationEventKind kind, byte[]? between = null)
    {
        var written = new SegmentedBuffer();
        new ValueSerializer(Isolated.Create(() => 1).Function.Code.Types).Write(written, typeof(byte[]), value);
        var rest = written.Written.ToArray().AsSpan();
        var events = new List<byte>();
        while (rest.Length > ProtocolLimits.Chunk)
        {
            events.AddRange([.. FakeHost.Event(InvocationEventKind.Chunk, rest[..ProtocolLimits.Chunk]), .. between ?? []]);
            rest = rest[ProtocolLimits.Chunk..];
        }

        return [.. events, .. FakeHost.Event(kind, rest)];
    }

    private static async IAsyncEnumerable<byte[]> Values()
    {
        await Task.Yield();
        yield return [1];
    }

    /// <summary>Remembers what was written to it, without copying.</summary>
    private sealed class Pieces : MemoryStream
    {
        public List<ReadOnlyMemory<byte>> Written { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written.Add(buffer);
            return default;
        }
    }
}
