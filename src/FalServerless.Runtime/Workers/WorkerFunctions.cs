using FalServerless.Protocol;
using FalServerless.Runtime.Functions;

namespace FalServerless.Runtime.Workers;

/// <summary>The functions and assemblies that a worker holds, or will once the calls that it was leased for have come.</summary>
internal sealed class WorkerFunctions
{
    private readonly Lock _lock = new();
    private readonly HashSet<ContentHash> _reserved = [];
    private readonly HashSet<ContentHash> _sent = [];
    private readonly Dictionary<string, ContentHash> _builds = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of assemblies that the worker has from its environment, whatever a function brings under them.</summary>
    public IReadOnlySet<string>? Provided { private get; set; }

    public bool Accepts(StoredFunction function)
    {
        lock (_lock)
        {
            return _reserved.Contains(function.Hash)
                || Used(function).All(part => !_builds.TryGetValue(part.Key, out var build) || build == part.Value);
        }
    }

    public void Reserve(StoredFunction function)
    {
        lock (_lock)
        {
            if (_reserved.Add(function.Hash))
            {
                foreach (var (name, build) in Used(function))
                {
                    _builds[name] = build;
                }
            }
        }
    }

    /// <returns>True once for each function: the caller sends it.</returns>
    public bool TryMarkSent(StoredFunction function)
    {
        lock (_lock)
        {
            return _sent.Add(function.Hash);
        }
    }

    private IEnumerable<KeyValuePair<string, ContentHash>> Used(StoredFunction function) =>
        Provided is null ? function.Builds : function.Builds.Where(part => !Provided.Contains(part.Key));
}
