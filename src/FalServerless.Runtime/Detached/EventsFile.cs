using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files;

namespace FalServerless.Runtime.Detached;

/// <summary>
/// The events of one call that is running, as they are written. Its file is made with the first of them; one writer appends, any number
/// read.
/// </summary>
internal sealed class EventsFile : IDisposable
{
    private readonly string _path;
    private readonly Lock _lock = new();
    private FileStream? _file;
    private long _length;
    private long _count;
    private (long Length, long Count)? _openValue;

    /// <param name="path">The file.</param>
    /// <param name="length">How much of it counts from an earlier run.</param>
    /// <param name="count">How many events that is.</param>
    public EventsFile(string path, long length, long count) => (_path, _length, _count) = (path, length, count);

    /// <summary>How many events there are.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    public CallEvents View
    {
        get
        {
            lock (_lock)
            {
                return new(_path, _length, null);
            }
        }
    }

    /// <summary>Appends whole events. What fails changes nothing.</summary>
    /// <exception cref="IOException">The disk is full, or failed.</exception>
    public void Append(ReadOnlySpan<byte> events, int count)
    {
        var file = _file ??= Open();
        try
        {
            RandomAccess.Write(file.SafeFileHandle, events, _length);
        }
        catch (IOException)
        {
            file.SetLength(_length);
            throw;
        }

        lock (_lock)
        {
            NoteOpenValue(events);
            _length += events.Length;
            _count += count;
        }
    }

    /// <summary>Gives the disk back the pieces of a value whose end will not come.</summary>
    public void DropOpenValue()
    {
        lock (_lock)
        {
            if (_openValue is { } open)
            {
                (_length, _count) = open;
                _openValue = null;
                _file?.SetLength(_length);
            }
        }
    }

    /// <summary>Has the disk keep what is in the file.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Flush()
    {
        if (_file is { } file)
        {
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            Durable.FlushFolder(Path.GetDirectoryName(_path)!);
        }
    }

    public void Dispose() => _file?.Dispose();

    private void NoteOpenValue(ReadOnlySpan<byte> events)
    {
        for (var (at, number) = (0, 0); at < events.Length; number++)
        {
            var header = EventHeader.Read(events[at..]);
            _openValue = header.Kind switch
            {
                InvocationEventKind.Chunk => _openValue ?? (_length + at, _count + number),
                InvocationEventKind.Log => _openValue,
                _ => null,
            };
            at += EventHeader.Size + header.PayloadLength;
        }
    }

    private FileStream Open()
    {
        var file = new FileStream(
            _path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            }
        );

        // What lies behind was half written when the host ended.
        file.SetLength(_length);
        return file;
    }
}
