using System.Text.Json;
using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>
/// Reads the list of a program's dependencies (<c>.deps.json</c>). Token by token: the first call of a program waits for it, and a document
/// of it would be compiled first.
/// </summary>
internal static class DependencyFile
{
    // The runtime itself, in a program that brings its own.
    private const string RuntimePack = "runtimepack.";

    private static readonly byte[] Preamble = [0xEF, 0xBB, 0xBF];

    /// <summary>The packages and projects of a list; none where it cannot be read.</summary>
    public static IReadOnlyList<ProgramLibrary> Read(string path)
    {
        try
        {
            ReadOnlySpan<byte> list = File.ReadAllBytes(path);
            list = list.StartsWith(Preamble) ? list[Preamble.Length..] : list;
            return ReadTarget(list, TargetOf(list), Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // The program runs without it, or with a malformed one; its assemblies are still found by their references.
            return [];
        }
    }

    private static string? TargetOf(ReadOnlySpan<byte> list)
    {
        var reader = new Utf8JsonReader(list);
        reader.Read();
        return Find(ref reader, "runtimeTarget") && Find(ref reader, "name") ? reader.GetString() : null;
    }

    private static List<ProgramLibrary> ReadTarget(ReadOnlySpan<byte> list, string? target, string folder)
    {
        var libraries = new List<ProgramLibrary>();
        var reader = new Utf8JsonReader(list);
        reader.Read();
        if (target is null || !Find(ref reader, "targets") || !Find(ref reader, target))
        {
            return libraries;
        }

        // ".NETCoreApp,Version=v10.0/linux-x64" is that of a program for one platform.
        var platform = target.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? target[(slash + 1)..] : NativePlatforms.Own;
        CheckObject(reader);
        while (ReadMember(ref reader, out var name))
        {
            var library = ReadLibrary(ref reader, name, platform, folder);
            if (!name.StartsWith(RuntimePack, StringComparison.Ordinal))
            {
                libraries.Add(library);
            }
        }

        return libraries;
    }

    private static ProgramLibrary ReadLibrary(ref Utf8JsonReader reader, string nameAndVersion, string platform, string folder)
    {
        var assemblies = new List<string>();
        var natives = new List<NativeAsset>();
        var dependencies = new List<string>();
        CheckObject(reader);
        while (ReadMember(ref reader, out var group))
        {
            CheckObject(reader);
            while (ReadMember(ref reader, out var name))
            {
                var (kind, of) = group == "runtimeTargets" ? ReadAsset(ref reader) : (group, platform);
                reader.Skip();
                if (kind == "dependencies")
                {
                    dependencies.Add(name);
                }
                else if (kind == "native" && FunctionFileCodec.IsRelative(name))
                {
                    natives.Add(new(name, of));
                }
                else if (kind == "runtime" && IsAssembly(name) && !assemblies.Contains(Path.GetFileNameWithoutExtension(name)))
                {
                    assemblies.Add(Path.GetFileNameWithoutExtension(name));
                }
            }
        }

        return new(nameAndVersion.Split('/')[0], Folders(folder, nameAndVersion), assemblies, natives, dependencies);
    }

    // What kind of file it is, and for which platform.
    private static (string Kind, string Platform) ReadAsset(ref Utf8JsonReader reader)
    {
        var (kind, platform) = ("", "any");
        CheckObject(reader);
        while (ReadMember(ref reader, out var name))
        {
            switch (name)
            {
                case "rid":
                    platform = reader.GetString() ?? platform;
                    break;
                case "assetType":
                    kind = reader.GetString() ?? kind;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (kind, platform);
    }

    // Moves to the value of a member of the object that begins here.
    private static bool Find(ref Utf8JsonReader reader, string wanted)
    {
        CheckObject(reader);
        while (ReadMember(ref reader, out var name))
        {
            if (name == wanted)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool ReadMember(ref Utf8JsonReader reader, out string name)
    {
        reader.Read();
        name = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString()! : "";
        return reader.TokenType == JsonTokenType.PropertyName && reader.Read();
    }

    private static void CheckObject(in Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }
    }

    // "lib/net8.0/_._" means that there is none.
    private static bool IsAssembly(string path) =>
        path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".exe", StringComparison.OrdinalIgnoreCase);

    // A program that runs without its packages beside it is given their location.
    private static List<string> Folders(string folder, string nameAndVersion)
    {
        var all = new List<string> { folder };
        if (AppContext.GetData("PROBING_DIRECTORIES") is string { Length: > 0 } folders)
        {
            foreach (var packages in folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                all.Add(Path.Combine(packages, nameAndVersion.ToLowerInvariant()));
            }
        }

        return all;
    }
}
