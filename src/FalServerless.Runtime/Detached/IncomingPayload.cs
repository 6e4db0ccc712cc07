using System.Buffers;
using System.IO.Pipelines;

namespace FalServerless.Runtime.Detached;

/// <summary>The payload of a call that comes in: here, or still in its connection.</summary>
internal sealed class IncomingPayload
{
    private readonly PipeReader? _body;

    public IncomingPayload(in ReadOnlySequence<byte> bytes)
    {
        Bytes = bytes.ToArray();
        Length = Bytes.Value.Length;
    }

    /// <param name="body">Stands at the payload's first byte.</param>
    /// <param name="length">What the client announced.</param>
    public IncomingPayload(PipeReader body, int length) => (_body, Length) = (body, length);

    public int Length { get; }

    /// <summary>The payload; null where it is still in the connection.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; }

    /// <summary>Writes what is in the connection to a new file. When this returns, it is on the disk.</summary>
    /// <exception cref="IOException">The disk is full, or failed.</exception>
    /// <exception cref="ProtocolException">Another length than announced came.</exception>
    public async Task WriteToAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
            }
        );
        var written = 0L;
        while (true)
        {
            var read = await _body!.ReadAsync(cancellationToken);
            written += read.Buffer.Length;
            if (written > Length || (read.IsCompleted && written < Length))
            {
                _body.AdvanceTo(read.Buffer.End);
                throw new ProtocolException(
                    $"A call announces a payload of {Length} bytes, and {(written > Length ? "more" : $"{written}")} came."
                );
            }

            try
            {
                foreach (var segment in read.Buffer)
                {
                    await file.WriteAsync(segment, cancellationToken);
                }
            }
            finally
            {
                _body.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                file.Flush(flushToDisk: true);
                return;
            }
        }
    }
}
