using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using FalServerless.Internal;
using FalServerless.Protocol;
using FalServerless.Wire;

namespace FalServerless.Sync;

/// <summary>
/// Remembers the hashes of a local folder's files from one upload to the next: <c>[version, folder, [[path, size, modified, content]…]]</c>
/// in a file of the user's. One that is damaged counts as empty. Safe for many threads.
/// </summary>
internal sealed class HashCache
{
    private const int Version = 1;
    private const int Parts = 3;
    private const int FileParts = 4;

    // A file may change twice within one tick of its time: 2 s is the coarsest that a file system in use has (FAT).
    private static readonly TimeSpan CoarsestTime = TimeSpan.FromSeconds(2);

    // A folder that has not changed for so long is read once more.
    private static readonly TimeSpan LongestUnchanged = TimeSpan.FromDays(90);

    private readonly string _directory;
    private readonly string? _file;
    private readonly Dictionary<string, Known> _known;
    private readonly ConcurrentDictionary<string, Known> _used = new(StringComparer.Ordinal);
    private bool _isChanged;

    private HashCache(string directory, string? file)
    {
        _directory = directory;
        _file = file;
        _known = Read(directory, file);
    }

    /// <param name="directory">The local folder, a full path.</param>
    /// <param name="caches">The folder of the caches; null is the user's own.</param>
    public static HashCache Open(string directory, string? caches = null)
    {
        caches ??= UsersCaches();
        return new(directory, caches is null ? null : Path.Combine(caches, ContentHash.Of(Encoding.UTF8.GetBytes(directory)).ToString()));
    }

    public ContentHash? Find(LocalEntry entry)
    {
        if (_known.TryGetValue(entry.Path, out var known) && known.Size == entry.Size && known.Modified == entry.Modified)
        {
            _used[entry.Path] = known;
            return known.Content;
        }

        return null;
    }

    public void Add(LocalEntry entry, ContentHash content, DateTimeOffset hashedAt)
    {
        _isChanged = true;
        if (hashedAt.UtcDateTime - entry.Modified >= CoarsestTime)
        {
            _used[entry.Path] = new(entry.Size, entry.Modified, content);
        }
    }

    /// <summary>Keeps what was found or added, and forgets the rest. A failure costs the next upload some time only.</summary>
    public void Save(DateTimeOffset now)
    {
        if (_file is null || (!_isChanged && _used.Count == _known.Count))
        {
            return;
        }

        var temporary = $"{_file}.{Guid.NewGuid():n}";
        try
        {
            PrivateFiles.MakeFolder(Path.GetDirectoryName(_file)!);
            using (var output = PrivateFiles.Create(temporary))
            {
                output.Write(Write().Span);
            }

            File.Move(temporary, _file, overwrite: true);
            ClearAbandoned(Path.GetDirectoryName(_file)!, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }

    private static string? UsersCaches()
    {
        var home =
            Environment.GetEnvironmentVariable("FAL_CACHE") is { Length: > 0 } given ? given
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
                is { Length: > 0 } data
                ? Path.Combine(data, "fal-serverless")
            : null;
        return home is null ? null : Path.Combine(home, "sync-cache");
    }

    // Folders are moved and removed without notice.
    private static void ClearAbandoned(string directory, DateTimeOffset now)
    {
        foreach (
            var file in new DirectoryInfo(directory)
                .EnumerateFiles()
                .Where(file => now.UtcDateTime - file.LastWriteTimeUtc > LongestUnchanged)
        )
        {
            file.Delete();
        }
    }

    private static Dictionary<string, Known> Read(string directory, string? file)
    {
        try
        {
            return file is null ? [] : Read(directory, File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ProtocolException)
        {
            return [];
        }
    }

    private static Dictionary<string, Known> Read(string directory, byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        MessageParts.CheckCount(reader.ReadArrayHeader(), Parts, "A cache of hashes");
        if (reader.ReadInt32() != Version || reader.ReadString() != directory)
        {
            return [];
        }

        var known = new Dictionary<string, Known>(StringComparer.Ordinal);
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            MessageParts.CheckCount(reader.ReadArrayHeader(), FileParts, "A file of a cache");
            known[reader.ReadString() ?? ""] = new(reader.ReadInt64(), reader.ReadDateTime(), MessageParts.ReadHash(ref reader));
        }

        return known;
    }

    private ReadOnlyMemory<byte> Write()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(Version);
        writer.Write(_directory);
        writer.WriteArrayHeader(_used.Count);
        foreach (var (path, known) in _used)
        {
            writer.WriteArrayHeader(FileParts);
            writer.Write(path);
            writer.Write(known.Size);
            writer.Write(known.Modified);
            MessageParts.WriteHash(ref writer, known.Content);
        }

        writer.Flush();
        return output.WrittenMemory;
    }

    private readonly record struct Known(long Size, DateTime Modified, ContentHash Content);
}
