using System.Collections.Concurrent;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;

namespace FalServerless.Runtime.Functions;

/// <summary>The functions that clients have sent, and the files of their assemblies.</summary>
internal sealed class FunctionStore(BlobStore blobs, FunctionFolders folders)
{
    // A client sends a manifest again when it is forgotten here, so the bound costs a round trip and never a call.
    private const int MaximumFunctions = 10_000;

    private readonly ConcurrentDictionary<ContentHash, StoredFunction> _functions = new();
    private readonly ConcurrentDictionary<ContentHash, bool> _kept = new();

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

    /// <summary>Flushes a function with all that it needs to the disk, so that it survives a loss of power.</summary>
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

        blobs.MakeDurable(Contents(function.Assemblies, function.Files).Append(function.Hash).Distinct());
        if (_kept.Count >= MaximumFunctions)
        {
            _kept.Clear();
        }

        _kept.TryAdd(function.Hash, true);
    }

    /// <summary>Stores a function whose assemblies are all here.</summary>
    /// <param name="function">The hash that the client claims.</param>
    /// <param name="manifest">The manifest's bytes.</param>
    /// <param name="missing">What must be uploaded first; then nothing is stored.</param>
    /// <exception cref="ProtocolException">The manifest is malformed, or has another hash.</exception>
    public StoredFunction? Add(ContentHash function, byte[] manifest, out IReadOnlyList<ContentHash> missing)
    {
        if (ContentHash.Of(manifest) != function)
        {
            throw new ProtocolException($"The manifest sent as {function} has another hash.");
        }

        var read = FunctionManifestCodec.Read(manifest);
        var assemblies = read.Assemblies;
        var files = NativePlatforms.Choose(read.Files, NativePlatforms.Own);
        missing = [.. Contents(assemblies, files).Distinct().Where(hash => !blobs.Contains(hash))];
        if (missing.Count > 0)
        {
            return null;
        }

        if (_functions.Count >= MaximumFunctions)
        {
            _functions.Clear();
        }

        var folder = folders.Place(assemblies, files);
        var definition = new WorkerFunction
        {
            Function = function,
            Manifest = manifest,
            AssemblyPaths = [.. assemblies.Select(assembly => Path.Combine(folder!, assembly.Name + ".dll"))],
            Folder = folder,
        };
        var stored = new StoredFunction
        {
            Hash = function,
            Assemblies = assemblies,
            Files = files,
            Definition = WorkerFunctionCodec.Write(definition),
        };
        return _functions.GetOrAdd(function, stored);
    }

    private static IEnumerable<ContentHash> Contents(IReadOnlyList<AssemblyReference> assemblies, IReadOnlyList<FunctionFile> files)
    {
        foreach (var assembly in assemblies)
        {
            yield return assembly.Image;
            if (assembly.Symbols is { } symbols)
            {
                yield return symbols;
            }
        }

        foreach (var file in files)
        {
            yield return file.Content!.Value;
        }
    }
}
