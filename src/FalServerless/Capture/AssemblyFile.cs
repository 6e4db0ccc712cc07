using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using FalServerless.Serialization.Types;

namespace FalServerless.Capture;

/// <summary>
/// An assembly on disk that is neither part of the .NET shared frameworks nor shared with the worker as FalServerless is.
/// </summary>
internal sealed record AssemblyFile(string Name, string Path, string? SymbolsPath, IReadOnlyList<string> References)
{
    private static readonly string FrameworkFolder = System.IO.Path.GetFullPath(RuntimeEnvironment.GetRuntimeDirectory());

    // dotnet/shared/Microsoft.NETCore.App/10.0.0 → dotnet/shared: every shared framework is there. A self-contained program has no such
    // folder.
    private static readonly string SharedFolder =
        System.IO.Path.GetFullPath(System.IO.Path.Combine(FrameworkFolder, "..", "..")) + System.IO.Path.DirectorySeparatorChar;

    private static readonly FrozenDictionary<string, string> TrustedPaths = (
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string) ?? ""
    )
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .GroupBy(path => System.IO.Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(paths => paths.Key, paths => paths.First(), StringComparer.OrdinalIgnoreCase);

    /// <summary>All that this program could load by itself.</summary>
    public static IEnumerable<string> Trusted => TrustedPaths.Values;

    private static readonly bool HasSharedFolder = Directory.Exists(System.IO.Path.Combine(SharedFolder, "Microsoft.NETCore.App"));

    // Every function asks for the same files again. What was read holds while the file is the same.
    private static readonly ConcurrentDictionary<string, (long Length, DateTime Written, AssemblyFile? File)> Known = new(
        StringComparer.Ordinal
    );

    private static bool IsSingleFile => Assembly.GetEntryAssembly() is { Location.Length: 0 };

    /// <summary>Where the host would load an assembly from; null when it does not know it.</summary>
    public static string? PathOf(string name) => TrustedPaths.GetValueOrDefault(name);

    /// <summary>Whether every worker has the assembly by itself.</summary>
    public static bool IsShared(Assembly assembly) =>
        !assembly.IsDynamic && (SharedAssemblies.Contains(assembly) || IsFrameworkPath(assembly.Location));

    public static bool IsFrameworkName(string name) =>
        SharedAssemblies.Contains(name) || (PathOf(name) is { } path && IsFrameworkPath(path));

    /// <exception cref="CaptureException">The assembly has no file.</exception>
    public static AssemblyFile Of(Assembly assembly)
    {
        if (IsSingleFile)
        {
            throw new CaptureException(
                $"This program is published as a single file, and the assemblies of its functions cannot be read from that. "
                    + "Publish it with IncludeAllContentForSelfExtract=true, which keeps the single file, or without PublishSingleFile."
            );
        }

        if (assembly.IsDynamic || assembly.Location.Length == 0)
        {
            throw new CaptureException(
                $"The function needs the assembly '{assembly.GetName().Name}', which exists only in this process's memory: it was "
                    + $"made at run time or loaded from bytes. Put the code into an ordinary assembly."
            );
        }

        return TryAt(assembly.Location)
            ?? throw new CaptureException(
                $"The function needs the assembly '{assembly.GetName().Name}', whose file '{assembly.Location}' is gone or cannot be read."
            );
    }

    /// <summary>The assembly of a file; null if there is none.</summary>
    public static AssemblyFile? TryAt(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || IsFrameworkPath(path))
        {
            return null;
        }

        if (!Known.TryGetValue(path, out var known) || (known.Length, known.Written) != (file.Length, file.LastWriteTimeUtc))
        {
            known = (file.Length, file.LastWriteTimeUtc, TryRead(path));
            if (known.File is not null)
            {
                Known[path] = known;
            }
        }

        var symbols = System.IO.Path.ChangeExtension(path, ".pdb");
        return known.File is { } read ? read with { SymbolsPath = File.Exists(symbols) ? symbols : null } : null;
    }

    public static bool IsFrameworkPath(string path) =>
        path.StartsWith(FrameworkFolder, StringComparison.Ordinal) && FrameworkFolder != AppContext.BaseDirectory
        || (HasSharedFolder && path.StartsWith(SharedFolder, StringComparison.Ordinal));

    private static AssemblyFile? TryRead(string path)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(path));
            if (!image.HasMetadata)
            {
                return null;
            }

            var metadata = image.GetMetadataReader();
            var references = metadata
                .AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
                .ToArray();
            return new(metadata.GetString(metadata.GetAssemblyDefinition().Name), path, SymbolsPath: null, references);
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
