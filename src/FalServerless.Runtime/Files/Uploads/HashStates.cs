using System.Collections.Concurrent;
using System.Security.Cryptography;
using FalServerless.Protocol;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>
/// How far the contents that are on their way are hashed, from one request to the next: the bytes that a large file has behind it are not
/// read again with each request. What is forgotten costs that reading, and nothing else.
/// </summary>
internal sealed class HashStates : IDisposable
{
    // As many as requests that one client sends at once; each takes some hundred bytes.
    private const int MaximumStates = 64;

    private readonly ConcurrentDictionary<ContentHash, (EntryStat File, IncrementalHash Hash)> _states = new();

    /// <summary>Takes the state out; null unless it is of that file, as long as it is now.</summary>
    public IncrementalHash? Take(ContentHash content, in EntryStat file)
    {
        if (!_states.TryRemove(content, out var state))
        {
            return null;
        }

        if (state.File.Inode == file.Inode && state.File.Size == file.Size)
        {
            return state.Hash;
        }

        state.Hash.Dispose();
        return null;
    }

    public void Keep(ContentHash content, in EntryStat file, IncrementalHash hash)
    {
        if (_states.Count >= MaximumStates)
        {
            Forget();
        }

        if (!_states.TryAdd(content, (file, hash)))
        {
            hash.Dispose();
        }
    }

    public void Dispose() => Forget();

    private void Forget()
    {
        foreach (var content in _states.Keys)
        {
            if (_states.TryRemove(content, out var state))
            {
                state.Hash.Dispose();
            }
        }
    }
}
