using System.Buffers;
using System.Security.Cryptography;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>
/// A content of which the first bytes are here. Its file is held alone, over all processes: a later upload waits, and continues where
/// this one stopped.
/// </summary>
internal sealed class IncomingContent : IDisposable
{
    // Hashing takes about as long as writing: for so many bytes it is worth doing both at once.
    private const int WorthThread = 32 << 10;

    // A moment for the holder of the file to progress.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ContentInbox _inbox;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash;
    private bool _isHashKept = true;

    private IncomingContent(ContentInbox inbox, ContentHash content, FileStream file, IncrementalHash hash, long length)
    {
        _inbox = inbox;
        _file = file;
        _hash = hash;
        Content = content;
        Length = length;
    }

    public ContentHash Content { get; }

    /// <summary>How many bytes are here.</summary>
    public long Length { get; private set; }

    /// <summary>Waits until no other upload holds the content.</summary>
    /// <returns>Null when it has become whole meanwhile.</returns>
    public static async Task<IncomingContent?> OpenAsync(
        ContentInbox inbox,
        ContentHash content,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var file = FileLock.TryOpen(inbox.PartOf(content));
            if (inbox.Find(content) is not null)
            {
                file?.Dispose();
                if (file is not null)
                {
                    File.Delete(inbox.PartOf(content));
                }

                return null;
            }

            if (file is null)
            {
                await Task.Delay(Pause, time, cancellationToken);
                continue;
            }

            try
            {
                // Between opening and holding it, another may have given the file its whole name, or removed it.
                var stat = inbox.Stat(file.SafeFileHandle);
                if (inbox.IsPart(content, stat))
                {
                    var hash = inbox.States.Take(content, stat) ?? await Task.Run(() => HashOf(file, cancellationToken), cancellationToken);
                    return new(inbox, content, file, hash, stat.Size);
                }

                await file.DisposeAsync();
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }
        }
    }

    public async ValueTask AppendAsync(ReadOnlySequence<byte> bytes)
    {
        // A write that fails may have written some: then the hash says nothing of the file any more.
        _isHashKept = false;
        var hashing = bytes.Length >= WorthThread ? Task.Run(() => Hash(bytes)) : null;
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, [.. Segments(bytes)], Length);
        }
        finally
        {
            // The bytes are not ours any more when this returns.
            await (hashing ?? Task.CompletedTask);
        }

        if (hashing is null)
        {
            Hash(bytes);
        }

        Length += bytes.Length;
        _isHashKept = true;
    }

    /// <summary>Gives the content its name, now that all bytes are here.</summary>
    /// <exception cref="DataException">They are another content's; nothing of them is kept.</exception>
    public void Complete()
    {
        _isHashKept = false;
        var actual = ContentHashing.Finish(_hash);
        if (actual != Content)
        {
            File.Delete(_inbox.PartOf(Content));
            throw new DataException(
                DataFault.Mismatch,
                $"What was sent as the content {Content} has the hash {actual}. It is not kept; the file was changed while it was "
                    + $"read, or on its way."
            );
        }

        File.Move(_inbox.PartOf(Content), _inbox.PathOf(Content), overwrite: true);
    }

    /// <summary>Lets nothing of the content stay.</summary>
    public void Discard()
    {
        _isHashKept = false;
        File.Delete(_inbox.PartOf(Content));
    }

    public void Dispose()
    {
        if (_isHashKept)
        {
            _inbox.States.Keep(Content, _inbox.Stat(_file.SafeFileHandle), _hash);
        }
        else
        {
            _hash.Dispose();
        }

        _file.Dispose();
    }

    private void Hash(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            _hash.AppendData(segment.Span);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Segments(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            yield return segment;
        }
    }

    private static IncrementalHash HashOf(FileStream file, CancellationToken cancellationToken)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ContentHashing.Append(hash, file.SafeFileHandle, long.MaxValue, cancellationToken);
        return hash;
    }
}
