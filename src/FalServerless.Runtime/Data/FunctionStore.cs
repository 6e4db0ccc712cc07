using System.Collections.Concurrent;
using FalServerless.Protocol;
using FalServerless.Serialization.Messages;

namespace FalServerless.Runtime.Data;

/// <summary>The functions that clients have sent, and the files of their assemblies.</summary>
internal sealed class FunctionStore(BlobStore blobs, string assembliesDirectory)
{
    // A client sends a manifest again when it is forgotten here, so the bound costs a round trip and never a call.
    private const int MaximumFunctions = 10_000;

    private readonly ConcurrentDictionary<ContentHash, StoredFunction> _functions = new();
    private readonly ConcurrentDictionary<ContentHash, bool> _kept = new();
    private readonly Lock _placing = new();

    public BlobStore Blobs => blobs;

    /// <summary>Null when no client has sent this function, or when that was long ago.</summary>
    public StoredFunction? Find(ContentHash function) => _functions.GetValueOrDefault(function);

    /// <summary>Finds a function again whose manifest is kept, after a start of the host for instance.</summary>
    /// <returns>Null when that or an assembly is not here.</returns>
    /// <exception cref="ProtocolException">What is kept under the name is no manifest.</exception>
    public StoredFunction? Recall(ContentHash function)
    {
        if (Find(function) is { } known)
        {
            return known;
        }

        var file = new FileInfo(blobs.PathOf(function));
        return file.Exists && file.Length <= ProtocolLimits.MaximumHead ? Add(function, File.ReadAllBytes(file.FullName), out _) : null;
    }

    /// <summary>Has the disk keep a function with all that it needs, so that it is found again whatever happens.</summary>
    /// <exception cref="IOException">The disk is full, or failed.</exception>
    public void Keep(StoredFunction function)
    {
        if (_kept.ContainsKey(function.Hash))
        {
            return;
        }

        if (!blobs.Contains(function.Hash))
        {
            blobs.Add(function.Hash, WorkerFunctionCodec.Read(function.Definition).Manifest.Span);
        }

        blobs.MakeDurable(Contents(function.Assemblies).Append(function.Hash).Distinct());
        if (_kept.Count >= MaximumFunctions)
        {
            _kept.Clear();
        }

        _kept.TryAdd(function.Hash, true);
    }

    /// <summary>Takes in a function whose assemblies are all here.</summary>
    /// <param name="function">The hash that the client claims.</param>
    /// <param name="manifest">The manifest's bytes.</param>
    /// <param name="missing">What must be uploaded first; then nothing is taken in.</param>
    /// <exception cref="ProtocolException">The manifest is malformed, or has another hash.</exception>
    public StoredFunction? Add(ContentHash function, byte[] manifest, out IReadOnlyList<ContentHash> missing)
    {
        if (ContentHash.Of(manifest) != function)
        {
            throw new ProtocolException($"The manifest sent as {function} has another hash.");
        }

        var assemblies = FunctionManifestCodec.Read(manifest).Assemblies;
        missing = [.. Contents(assemblies).Distinct().Where(hash => !blobs.Contains(hash))];
        if (missing.Count > 0)
        {
            return null;
        }

        if (_functions.Count >= MaximumFunctions)
        {
            _functions.Clear();
        }

        var stored = new StoredFunction
        {
            Hash = function,
            Assemblies = assemblies,
            Definition = WorkerFunctionCodec.Write(new() { Function = function, Manifest = manifest, AssemblyPaths = [.. assemblies.Select(Place)] }),
        };
        return _functions.GetOrAdd(function, stored);
    }

    private static IEnumerable<ContentHash> Contents(IReadOnlyList<AssemblyReference> assemblies)
    {
        foreach (var assembly in assemblies)
        {
            yield return assembly.Image;
            if (assembly.Symbols is { } symbols)
            {
                yield return symbols;
            }
        }
    }

    // An image is loaded from a file with its own name, with its symbols beside it: there the runtime looks for line numbers.
    private string Place(AssemblyReference assembly)
    {
        var directory = Path.Combine(assembliesDirectory, assembly.Symbols is { } symbols ? $"{assembly.Image}-{symbols}" : assembly.Image.ToString());
        var path = Path.Combine(directory, assembly.Name + ".dll");
        lock (_placing)
        {
            if (!File.Exists(path))
            {
                // The image comes last: where it is, all is.
                Directory.CreateDirectory(directory);
                if (assembly.Symbols is { } hash)
                {
                    Copy(hash, Path.Combine(directory, assembly.Name + ".pdb"));
                }

                Copy(assembly.Image, path);
            }
        }

        return path;
    }

    private void Copy(ContentHash content, string path)
    {
        var temporary = path + ".incoming";
        File.Copy(blobs.PathOf(content), temporary, overwrite: true);
        File.Move(temporary, path, overwrite: true);
    }
}
