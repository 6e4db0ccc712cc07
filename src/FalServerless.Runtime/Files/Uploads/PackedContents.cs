using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>
/// Small contents that have arrived and are in no folder yet: those of one request one after the other in a pack, each behind the header it
/// came with. A file for each would cost the file system several times what the contents take. The position of each is kept in memory, and
/// read from the packs of other hosts and of earlier ones.
/// </summary>
internal sealed class PackedContents
{
    private static readonly TimeSpan LongestUnused = TimeSpan.FromHours(24);

    private readonly string _directory;
    private readonly Lock _lock = new();
    private readonly Dictionary<ContentHash, PackedContent> _contents = [];
    private readonly Dictionary<string, Pack> _packs = new(StringComparer.Ordinal);

    public PackedContents(string directory) => _directory = Directory.CreateDirectory(directory).FullName;

    /// <summary>The size of a content that is here.</summary>
    public long? Find(ContentHash content)
    {
        lock (_lock)
        {
            return _contents.TryGetValue(content, out var found) ? found.Size : null;
        }
    }

    /// <summary>Begins a pack.</summary>
    public PackWriter Begin() => new(this, Path.Combine(_directory, Guid.NewGuid().ToString("n")));

    /// <summary>Looks for what other hosts have received.</summary>
    public void Refresh()
    {
        var files = Directory.GetFiles(_directory);
        lock (_lock)
        {
            foreach (var gone in _packs.Keys.Except(files).ToArray())
            {
                Forget(gone);
            }

            foreach (var file in files.Where(file => !_packs.ContainsKey(file)))
            {
                Read(file);
            }
        }
    }

    /// <summary>Reads a content, whole and checked; null when it is gone.</summary>
    /// <param name="content">Which.</param>
    /// <param name="files">Keeps the packs open for those that follow.</param>
    public byte[]? TryRead(ContentHash content, PackFiles files)
    {
        PackedContent? found;
        lock (_lock)
        {
            found = _contents.GetValueOrDefault(content);
        }

        try
        {
            return found is null ? null : TryRead(found, content, files);
        }
        catch (FileNotFoundException)
        {
            // Another host had use for all that was in the pack.
            return null;
        }
    }

    /// <summary>Releases what is in a folder now. A pack is removed when nothing in it is needed any more.</summary>
    public void Remove(IEnumerable<ContentHash> contents)
    {
        lock (_lock)
        {
            foreach (var content in contents)
            {
                if (
                    _contents.Remove(content, out var removed)
                    && _packs.TryGetValue(removed.Pack, out var pack)
                    && --pack.Contents == 0
                    && !pack.IsWritten
                )
                {
                    _packs.Remove(removed.Pack);
                    File.Delete(removed.Pack);
                }
            }
        }
    }

    /// <summary>Removes what was not used for a day.</summary>
    public void Clean(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (
                var file in Directory.GetFiles(_directory).Where(file => now.UtcDateTime - File.GetLastWriteTimeUtc(file) > LongestUnused)
            )
            {
                Forget(file);
                File.Delete(file);
            }
        }
    }

    public void Open(string path)
    {
        lock (_lock)
        {
            _packs[path] = new() { IsWritten = true };
        }
    }

    public void Add(string path, ContentPiece piece, long at)
    {
        lock (_lock)
        {
            if (_contents.TryAdd(piece.Content, new(path, at, piece.Length)) && _packs.TryGetValue(path, out var pack))
            {
                pack.Contents++;
            }
        }
    }

    public void Discard(string path)
    {
        lock (_lock)
        {
            Forget(path);
            File.Delete(path);
        }
    }

    public void Close(string path)
    {
        lock (_lock)
        {
            if (_packs.TryGetValue(path, out var pack))
            {
                pack.IsWritten = false;
                if (pack.Contents == 0)
                {
                    _packs.Remove(path);
                    File.Delete(path);
                }
            }
        }
    }

    private static byte[]? TryRead(PackedContent found, ContentHash content, PackFiles files)
    {
        var bytes = new byte[found.Size];
        var read = RandomAccess.Read(files.Open(found.Pack), bytes, found.At);
        return read == bytes.Length && ContentHash.Of(bytes) == content ? bytes : null;
    }

    // What follows a piece that is cut off, or is none, is of no use.
    private void Read(string path)
    {
        _packs[path] = new();
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);
        Span<byte> header = stackalloc byte[ContentPiece.HeaderSize];
        for (long at = 0; RandomAccess.Read(file, header, at) == header.Length; )
        {
            at += header.Length;
            if (ContentPiece.TryRead(header) is not { } piece || piece.Length != piece.Size || at + piece.Length > length)
            {
                return;
            }

            Add(path, piece, at);
            at += piece.Length;
        }
    }

    private void Forget(string path)
    {
        _packs.Remove(path);
        foreach (var content in _contents.Where(content => content.Value.Pack == path).Select(content => content.Key).ToArray())
        {
            _contents.Remove(content);
        }
    }

    private sealed record PackedContent(string Pack, long At, int Size);

    private sealed class Pack
    {
        public int Contents { get; set; }

        public bool IsWritten { get; set; }
    }
}
