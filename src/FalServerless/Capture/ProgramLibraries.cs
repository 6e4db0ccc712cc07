using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>
/// The packages and projects of the program. What belongs to one of them may be loaded by its name alone, so that no reference leads to it: a provider, a plug-in, a native library.
/// </summary>
internal sealed class ProgramLibraries
{
    // What only builds, tests or edits a program, and is large: it is sent when code refers to it, and not for its package's sake.
    private static readonly string[] Tools =
    [
        "Microsoft.NET.Test.Sdk", "Microsoft.TestPlatform.", "Microsoft.Testing.", "Microsoft.CodeCoverage", "coverlet.", "xunit.", "NUnit", "MSTest.",
        "Microsoft.CodeAnalysis.", "Microsoft.Build", "Microsoft.VisualStudio.", "Microsoft.EntityFrameworkCore.Design", "Microsoft.EntityFrameworkCore.Tools",
        "FalServerless.Runtime", "FalServerless.Worker", "FalServerless.Testing",
    ];

    private static readonly string[] NativeMarks = [".native", ".runtime", "-native", "-runtime", ".official"];

    private static readonly Lazy<ProgramLibraries> Program = new(() => new(DependencyFiles().Any() ? DependencyFiles().SelectMany(DependencyFile.Read) : ProgramFolderLibrary.Read()));

    private readonly Dictionary<string, ProgramLibrary> _byAssembly = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ProgramLibrary> _byName = new(StringComparer.OrdinalIgnoreCase);

    // What depends on the key and has no assembly of its own: it says what belongs together, or brings the native libraries.
    private readonly ILookup<string, ProgramLibrary> _companions;

    private ProgramLibraries(IEnumerable<ProgramLibrary> libraries)
    {
        foreach (var library in libraries)
        {
            _byName.TryAdd(library.Name, library);
            foreach (var assembly in library.Assemblies)
            {
                _byAssembly.TryAdd(assembly, library);
            }
        }

        _companions = _byName.Values.Where(library => library.Assemblies.Count == 0)
            .SelectMany(library => library.Dependencies.Append(Stem(library.Name)).Select(name => (Name: name, Library: library)))
            .ToLookup(companion => companion.Name, companion => companion.Library, StringComparer.OrdinalIgnoreCase);
    }

    public static ProgramLibraries OfThisProgram => Program.Value;

    /// <summary>The list of this program's dependencies; null where it has none.</summary>
    public static string? ListOfThisProgram => DependencyFiles().FirstOrDefault();

    /// <summary>The libraries of a list.</summary>
    public static ProgramLibraries Of(string dependencyFile) => new(DependencyFile.Read(dependencyFile));

    /// <summary>What an assembly belongs to; null for one that no library has, or that everybody has.</summary>
    public ProgramLibrary? Owner(string assembly) => _byAssembly.GetValueOrDefault(assembly) is { } library && !library.Assemblies.Any(AssemblyFile.IsFrameworkName) ? library : null;

    /// <summary>What belongs to a library: what it needs, and packages without assemblies that need it or bring its native libraries.</summary>
    public IEnumerable<ProgramLibrary> BelongingTo(ProgramLibrary library) =>
        library.Dependencies.Select(name => _byName.GetValueOrDefault(name)).OfType<ProgramLibrary>()
            .Concat(_companions[library.Name])
            .Where(other => !IsTool(other) && !other.Assemblies.Any(AssemblyFile.IsFrameworkName));

    private static bool IsTool(ProgramLibrary library) => Array.Exists(Tools, tool => library.Name.StartsWith(tool, StringComparison.OrdinalIgnoreCase));

    // SkiaSharp.NativeAssets.Linux → SkiaSharp, OpenCvSharp4.runtime.linux-x64 → OpenCvSharp4: such packages do not say whose libraries they bring.
    private static string Stem(string name) =>
        NativeMarks.Select(mark => name.IndexOf(mark, StringComparison.OrdinalIgnoreCase)).Where(place => place > 0).DefaultIfEmpty(name.Length).Min() is var end ? name[..end] : name;

    // The frameworks have lists of their own.
    private static IEnumerable<string> DependencyFiles() =>
        ((AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string) ?? "")
            .Split([';', Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries)
            .Where(path => !AssemblyFile.IsFrameworkPath(path) && File.Exists(path));
}
