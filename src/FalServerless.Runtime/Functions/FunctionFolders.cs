using System.Text;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Functions;

/// <summary>
/// Folders in which the files of a function are beside each other by their own names, as in the program's: an image with its symbols, where
/// the runtime looks for line numbers; the texts of its cultures; libraries that load each other. A folder holds links to files that are
/// kept once, by content.
/// </summary>
internal sealed class FunctionFolders(BlobStore blobs, string directory)
{
    private readonly Lock _placing = new();

    /// <summary>The folder with these files; null where there are none. Functions with the same files have the same one.</summary>
    public string? Place(IReadOnlyList<AssemblyReference> assemblies, IReadOnlyList<FunctionFile> files)
    {
        if (assemblies.Count + files.Count == 0)
        {
            return null;
        }

        var contents = Contents(assemblies, files);
        var folder = Path.Combine(directory, Name(contents));
        lock (_placing)
        {
            if (!Directory.Exists(folder))
            {
                // The folder gets its name last: where it is, all is.
                var incoming = Path.Combine(directory, "incoming");
                if (Directory.Exists(incoming))
                {
                    Directory.Delete(incoming, recursive: true);
                }

                foreach (var (path, content) in contents)
                {
                    Place(Path.Combine(incoming, path), content);
                }

                Directory.Move(incoming, folder);
            }
        }

        return folder;
    }

    private static SortedDictionary<string, ContentHash> Contents(
        IReadOnlyList<AssemblyReference> assemblies,
        IReadOnlyList<FunctionFile> files
    )
    {
        var contents = new SortedDictionary<string, ContentHash>(StringComparer.Ordinal);
        foreach (var assembly in assemblies)
        {
            contents.TryAdd(assembly.Name + ".dll", assembly.Image);
            if (assembly.Symbols is { } symbols)
            {
                contents.TryAdd(assembly.Name + ".pdb", symbols);
            }
        }

        foreach (var file in files)
        {
            contents.TryAdd(file.Path, file.Content!.Value);
        }

        // Most look for a native library beside the assembly; some where it is in its package.
        foreach (var library in files.Where(file => file.Platform is not null))
        {
            var name = Path.GetFileName(library.Path);
            if (!files.Any(file => file.Path.StartsWith(name + "/", StringComparison.OrdinalIgnoreCase)))
            {
                contents.TryAdd(name, library.Content!.Value);
            }
        }

        return contents;
    }

    private static string Name(SortedDictionary<string, ContentHash> contents)
    {
        var names = new StringBuilder();
        foreach (var (path, content) in contents)
        {
            names.Append(path).Append('\0').Append(content).Append('\n');
        }

        return ContentHash.Of(Encoding.UTF8.GetBytes(names.ToString())).ToString();
    }

    private void Place(string path, ContentHash content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var kept = Path.Combine(directory, "files", content.ToString());
        if (!File.Exists(kept))
        {
            // A copy: what a body does to its own files must not reach the contents that others ask for.
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            File.Copy(blobs.PathOf(content), kept + ".incoming", overwrite: true);
            File.Move(kept + ".incoming", kept, overwrite: true);
        }

        try
        {
            File.CreateSymbolicLink(path, kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows lets few users make links.
            File.Copy(kept, path);
        }
    }
}
