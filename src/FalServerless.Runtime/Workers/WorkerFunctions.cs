using FalServerless.Protocol;
using FalServerless.Runtime.Data;

namespace FalServerless.Runtime.Workers;

/// <summary>The functions and assemblies that a worker holds, or will once the calls that it was leased for have come.</summary>
internal sealed class WorkerFunctions
{
    private readonly Lock _lock = new();
    private readonly HashSet<ContentHash> _reserved = [];
    private readonly HashSet<ContentHash> _sent = [];
    private readonly Dictionary<string, ContentHash> _images = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of assemblies that the worker has from its environment, whatever a function brings under them.</summary>
    public IReadOnlySet<string>? Provided { private get; set; }

    public bool Accepts(StoredFunction function)
    {
        lock (_lock)
        {
            return _reserved.Contains(function.Hash)
                || Used(function).All(assembly => !_images.TryGetValue(assembly.Name, out var image) || image == assembly.Image);
        }
    }

    public void Reserve(StoredFunction function)
    {
        lock (_lock)
        {
            if (_reserved.Add(function.Hash))
            {
                foreach (var assembly in Used(function))
                {
                    _images[assembly.Name] = assembly.Image;
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

    private IEnumerable<AssemblyReference> Used(StoredFunction function) =>
        Provided is null ? function.Assemblies : function.Assemblies.Where(assembly => !Provided.Contains(assembly.Name));
}
