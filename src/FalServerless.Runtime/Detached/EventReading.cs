using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Detached;

/// <summary>One reader of a call's events: gives those from some event on, as far as they are there.</summary>
/// <param name="wants">Which events are given; the last one always is.</param>
/// <param name="from">How many of those are passed over.</param>
internal sealed class EventReading(Func<InvocationEventKind, bool> wants, long from) : IDisposable
{
    // So much is given at once, so that a slow reader costs no more.
    private const int Piece = ProtocolLimits.Chunk;

    private readonly byte[] _buffer = new byte[Piece];
    private SafeFileHandle? _file;
    private long _buffered;
    private int _inBuffer;
    private long _position;
    private long _passed;

    /// <summary>Gives events until a piece is full or there are no more at this moment.</summary>
    /// <param name="events">Where the events are.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="isOver">Whether the last event of all is behind.</param>
    /// <returns>Whether more may be there at once.</returns>
    /// <exception cref="IOException">The file is shorter than it must be.</exception>
    public bool Read(in CallEvents events, IBufferWriter<byte> output, out bool isOver)
    {
        isOver = false;
        var given = 0;
        while (_position < events.FileLength)
        {
            if (given >= Piece)
            {
                return true;
            }

            given += Give(events, output);
        }

        if (events.Tail is not { } tail)
        {
            return false;
        }

        for (var rest = tail; !rest.IsEmpty; )
        {
            var header = EventHeader.Read(rest.Span);
            var whole = rest[..(EventHeader.Size + header.PayloadLength)];
            rest = rest[whole.Length..];

            // The last event always comes: a reader may have had pieces of a value that were dropped since.
            if (IsGiven(header.Kind) || rest.IsEmpty)
            {
                Write(output, whole.Span);
            }
        }

        isOver = true;
        return false;
    }

    public void Dispose() => _file?.Dispose();

    // The response's writer promises room only for what it is asked for.
    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, Piece)];
            piece.CopyTo(output.GetSpan(piece.Length));
            output.Advance(piece.Length);
            bytes = bytes[piece.Length..];
        }
    }

    // One event of the file; a payload that is not requested is not read.
    private int Give(in CallEvents events, IBufferWriter<byte> output)
    {
        Span<byte> bytes = stackalloc byte[EventHeader.Size];
        Fill(events.Path, bytes);
        var header = EventHeader.Read(bytes);
        if (!IsGiven(header.Kind))
        {
            _position += header.PayloadLength;
            return 0;
        }

        Write(output, bytes);
        for (var left = header.PayloadLength; left > 0; )
        {
            var piece = output.GetSpan(Math.Min(left, Piece))[..Math.Min(left, Piece)];
            Fill(events.Path, piece);
            output.Advance(piece.Length);
            left -= piece.Length;
        }

        return EventHeader.Size + header.PayloadLength;
    }

    private bool IsGiven(InvocationEventKind kind) => wants(kind) && ++_passed > from;

    private void Fill(string path, Span<byte> destination)
    {
        _file ??= File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        while (!destination.IsEmpty)
        {
            var inside = (int)Math.Clamp(_position - _buffered, 0, int.MaxValue);
            if (_position < _buffered || inside >= _inBuffer)
            {
                (_buffered, inside) = (_position, 0);
                _inBuffer = RandomAccess.Read(_file, _buffer, _position);
                if (_inBuffer == 0)
                {
                    throw new IOException($"The file '{path}' ends before the events that it should have.");
                }
            }

            var count = Math.Min(destination.Length, _inBuffer - inside);
            _buffer.AsSpan(inside, count).CopyTo(destination);
            destination = destination[count..];
            _position += count;
        }
    }
}
