using FalServerless.Protocol;

namespace FalServerless.Runtime.Environments;

/// <summary>A whole environment, which is not removed until this is disposed of.</summary>
internal sealed class EnvironmentLease(ContentHash key, string path, IReadOnlySet<string> assemblyNames, Action release) : IDisposable
{
    private Action? _release = release;

    public ContentHash Key => key;

    /// <summary>The folder that a worker gets its packages from.</summary>
    public string Path => path;

    /// <summary>The simple names of the assemblies that it provides, without regard to case.</summary>
    public IReadOnlySet<string> AssemblyNames => assemblyNames;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
