using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Packs that are open for reading; the contents of one are mostly wanted one after the other.</summary>
internal sealed class PackFiles : IDisposable
{
    private const int MaximumOpen = 64;

    private readonly Dictionary<string, SafeFileHandle> _files = new(StringComparer.Ordinal);

    /// <exception cref="FileNotFoundException">The pack is gone.</exception>
    public SafeFileHandle Open(string path)
    {
        if (_files.TryGetValue(path, out var open))
        {
            return open;
        }

        if (_files.Count == MaximumOpen)
        {
            Dispose();
        }

        return _files[path] = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }

        _files.Clear();
    }
}
