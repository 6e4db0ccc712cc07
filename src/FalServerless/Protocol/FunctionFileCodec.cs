using System.Text;
using FalServerless.Wire;

namespace FalServerless.Protocol;

/// <summary><c>[path, platform | nil, package | nil, content | nil]</c>.</summary>
internal static class FunctionFileCodec
{
    private const int Parts = 4;
    private const int LongestPath = 1000;
    private const int DeepestPath = 8;

    public static void Write(ref MessagePackWriter writer, FunctionFile file)
    {
        writer.WriteArrayHeader(Parts);
        writer.Write(file.Path);
        writer.Write(file.Platform);
        writer.Write(file.Package);
        MessageParts.WriteHash(ref writer, file.Content);
    }

    public static FunctionFile Read(ref MessagePackReader reader)
    {
        MessageParts.CheckCount(reader.ReadArrayHeader(), Parts, "A file of a manifest");
        var path = reader.ReadString();
        return new()
        {
            Path = IsRelative(path)
                ? path
                : throw new ProtocolException(
                    "A function manifest names a file with a path that leads out of its folder, or that no file can have."
                ),
            Platform = reader.ReadString(),
            Package = reader.ReadString(),
            Content = MessageParts.ReadHashOrNil(ref reader),
        };
    }

    /// <summary>Whether a path leads nowhere but down, by names that files can have.</summary>
    public static bool IsRelative([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? path) =>
        path is { Length: > 0 and <= LongestPath }
        && path.Split('/') is { Length: <= DeepestPath } names
        && Array.TrueForAll(names, IsName);

    /// <summary>Nothing may be a file and a folder, however the platform is chosen.</summary>
    /// <exception cref="ProtocolException">A file is below another one.</exception>
    public static void CheckFolders(IReadOnlyCollection<AssemblyReference> assemblies, IReadOnlyCollection<FunctionFile> files)
    {
        var paths = files.Select(file => file.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var assembly in assemblies)
        {
            paths.Add(assembly.Name + ".dll");
            paths.Add(assembly.Name + ".pdb");
        }

        foreach (var path in files.Select(file => file.Path))
        {
            for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            {
                if (paths.Contains(path[..end]))
                {
                    throw new ProtocolException("A function manifest names a file that is below another file.");
                }
            }
        }
    }

    private static bool IsName(string name) =>
        name is { Length: > 0 }
        && Encoding.UTF8.GetByteCount(name) <= ProtocolLimits.LongestName
        && name[0] != '.'
        && name.AsSpan().IndexOfAny("\\:\0") < 0;
}
