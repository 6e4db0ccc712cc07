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
        if (!File.Exists(path) || IsFrameworkPath(path))
        {
            return null;
        }

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
            var symbols = System.IO.Path.ChangeExtension(path, ".pdb");
            return new(metadata.GetString(metadata.GetAssemblyDefinition().Name), path, File.Exists(symbols) ? symbols : null, references);
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static bool IsFrameworkPath(string path) =>
        path.StartsWith(FrameworkFolder, StringComparison.Ordinal) && FrameworkFolder != AppContext.BaseDirectory
        || (
            Directory.Exists(System.IO.Path.Combine(SharedFolder, "Microsoft.NETCore.App"))
            && path.StartsWith(SharedFolder, StringComparison.Ordinal)
        );
}
