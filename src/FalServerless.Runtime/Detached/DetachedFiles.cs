using System.Globalization;
using System.IO.Pipelines;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files;

namespace FalServerless.Runtime.Detached;

/// <summary>
/// The files of detached calls: large payloads, and events that came before a call's end. A file counts for nothing unless the store names
/// it.
/// </summary>
internal sealed class DetachedFiles
{
    private const string EventsExtension = ".events";
    private const string PayloadExtension = ".payload";

    private readonly string _directory;

    public DetachedFiles(string directory) => _directory = Directory.CreateDirectory(directory).FullName;

    public string EventsOf(Guid id) => Path.Combine(_directory, id.ToString("n", CultureInfo.InvariantCulture) + EventsExtension);

    public string PayloadAt(string name) => Path.Combine(_directory, name);

    /// <exception cref="IOException">It is gone, or the disk failed.</exception>
    public PipeReader OpenPayload(string name)
    {
        var file = new FileStream(
            PayloadAt(name),
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            bufferSize: 0,
            FileOptions.SequentialScan
        );
        return PipeReader.Create(file, new(bufferSize: ProtocolLimits.Chunk));
    }

    /// <summary>A name for a payload that is coming in; each request has one of its own.</summary>
    public static string NewPayload(Guid id) => $"{id:n}-{Guid.NewGuid():n}{PayloadExtension}";

    /// <summary>Has the disk keep the names of the files.</summary>
    public void Flush() => Durable.FlushFolder(_directory);

    public void Remove(DetachedCall call)
    {
        Remove(EventsOf(call.Id));
        if (call.PayloadFile is { } payload)
        {
            Remove(PayloadAt(payload));
        }
    }

    public void RemovePayload(string? name)
    {
        if (name is not null)
        {
            Remove(PayloadAt(name));
        }
    }

    /// <summary>Removes what nothing in the store names: what came in when the host ended, and what it had no time to remove.</summary>
    public void RemoveOthers(IReadOnlySet<Guid> calls, IReadOnlySet<string> payloads)
    {
        foreach (var path in Directory.EnumerateFiles(_directory))
        {
            var name = Path.GetFileName(path);
            var isKept =
                Path.GetExtension(name) == EventsExtension
                    ? Guid.TryParseExact(Path.GetFileNameWithoutExtension(name), "n", out var id) && calls.Contains(id)
                    : payloads.Contains(name);
            if (!isKept)
            {
                Remove(path);
            }
        }
    }

    /// <summary>What of a file of events is whole: all but the end of one that was being written.</summary>
    public (long Length, long Count) Measure(Guid id)
    {
        if (!File.Exists(EventsOf(id)))
        {
            return default;
        }

        using var file = new FileStream(
            EventsOf(id),
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            ProtocolLimits.Chunk
        );
        var (length, count) = (0L, 0L);
        Span<byte> header = stackalloc byte[EventHeader.Size];
        while (file.ReadAtLeast(header, EventHeader.Size, throwOnEndOfStream: false) == EventHeader.Size)
        {
            var end = file.Position + EventHeader.Read(header).PayloadLength;
            if (end > file.Length)
            {
                break;
            }

            (length, count) = (end, count + 1);
            file.Position = end;
        }

        return (length, count);
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start of the host tries again.
        }
    }
}
