using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using FalServerless.Protocol;
using FalServerless.Runtime.Calls;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// Writes the lines of a build into a response as they come, and then how it ended: the events of a call, without a call.
/// </summary>
internal sealed class BuildEvents : IAsyncDisposable
{
    private readonly Channel<ReadOnlyMemory<byte>> _lines = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new() { SingleReader = true });
    private readonly PipeWriter _output;
    private readonly TimeProvider _time;
    private readonly Task _writing;

    public BuildEvents(HttpResponse response, TimeProvider time)
    {
        (_output, _time) = (response.BodyWriter, time);
        _writing = WriteAsync(response.HttpContext.RequestAborted);
    }

    /// <summary>Never waits: the build must not wait for its readers.</summary>
    public void Report(LogEntryLevel level, string line)
    {
        var entry = new ArrayBufferWriter<byte>();
        LogEntryCodec.Write(entry, level, LogEntrySource.Build, _time.GetUtcNow(), line);
        _lines.Writer.TryWrite(entry.WrittenMemory);
    }

    /// <summary>Waits until all lines are written, and writes the last event.</summary>
    public async Task EndAsync(InvocationEventKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        _lines.Writer.TryComplete();
        await _writing;
        Write(kind, payload.Span);
        await _output.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            Write(InvocationEventKind.Log, line.Span);
            await _output.FlushAsync(cancellationToken);
        }
    }

    private void Write(InvocationEventKind kind, ReadOnlySpan<byte> payload)
    {
        using var written = InvocationEvent.Copy(kind, EventSource.Once, payload);
        written.WriteTo(_output);
    }
}
