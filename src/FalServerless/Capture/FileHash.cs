using System.Collections.Concurrent;
using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>The content hash of a file, computed once while the file stays the same.</summary>
internal static class FileHash
{
    private static readonly ConcurrentDictionary<string, (DateTime Changed, long Length, ContentHash Hash)> Known = new();

    public static ContentHash Of(string path)
    {
        // A link stays the same when its file changes.
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        if (Known.TryGetValue(path, out var known) && known.Changed == file.LastWriteTimeUtc && known.Length == file.Length)
        {
            return known.Hash;
        }

        using var content = file.OpenRead();
        var hash = ContentHash.Of(content);
        Known[path] = (file.LastWriteTimeUtc, file.Length, hash);
        return hash;
    }
}
