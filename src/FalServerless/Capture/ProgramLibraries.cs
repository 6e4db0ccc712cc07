namespace FalServerless.Capture;

/// <summary>
/// The packages and projects of the program. What belongs to one of them may be loaded by its name alone, so that no reference leads to it:
/// a provider, a plug-in, a native library.
/// </summary>
internal sealed class ProgramLibraries
{
    // What only builds, tests or edits a program, and is large: it is sent when code refers to it, and not because a project does.
    private static readonly string[] Tools =
    [
        "Microsoft.NET.Test.Sdk",
        "Microsoft.TestPlatform.",
        "Microsoft.Testing.",
        "Microsoft.CodeCoverage",
        "coverlet.",
        "xunit.",
        "NUnit",
        "MSTest.",
        "Microsoft.CodeAnalysis.",
        "Microsoft.Build",
        "Microsoft.VisualStudio.",
        "Microsoft.EntityFrameworkCore.Design",
        "Microsoft.EntityFrameworkCore.Tools",
        "FalServerless.Runtime",
        "FalServerless.Tool",
        "FalServerless.Worker",
        "FalServerless.Testing",
    ];

    // SkiaSharp.NativeAssets.Linux, OpenCvSharp4.runtime.linux-x64: such packages do not always say whose libraries they bring, but by
    // their names.
    private static readonly string[] NativeMarks = [".native", ".runtime", "-native", "-runtime", ".official"];

    private static readonly Lazy<ProgramLibraries> Program = new(ReadProgram);

    private readonly Dictionary<string, ProgramLibrary> _byAssembly = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ProgramLibrary> _byName = new(StringComparer.OrdinalIgnoreCase);

    // What depends on the key and has no assembly of its own: it says what belongs together, or brings the native libraries.
    private readonly Dictionary<string, List<ProgramLibrary>> _companions = new(StringComparer.OrdinalIgnoreCase);

    private ProgramLibraries(IReadOnlyList<ProgramLibrary> libraries)
    {
        foreach (var library in libraries)
        {
            _byName.TryAdd(library.Name, library);
            foreach (var assembly in library.Assemblies)
            {
                _byAssembly.TryAdd(assembly, library);
            }

            if (library.Assemblies.Count == 0)
            {
                AddCompanion(Stem(library.Name), library);
                foreach (var needed in library.Dependencies)
                {
                    AddCompanion(needed, library);
                }
            }
        }
    }

    public static ProgramLibraries OfThisProgram => Program.Value;

    /// <summary>The list of this program's dependencies; null where it has none.</summary>
    public static string? ListOfThisProgram { get; } = FindList();

    /// <summary>The libraries of a list.</summary>
    public static ProgramLibraries Of(string dependencyFile) => new(DependencyFile.Read(dependencyFile));

    /// <summary>What an assembly belongs to; null for one that no library has, or that everybody has.</summary>
    public ProgramLibrary? Owner(string assembly) =>
        _byAssembly.TryGetValue(assembly, out var library) && !library.IsShared ? library : null;

    /// <summary>
    /// What belongs to a library: what it needs, and packages without assemblies that need it or bring its native libraries.
    /// </summary>
    public IReadOnlyList<ProgramLibrary> BelongingTo(ProgramLibrary library)
    {
        var found = new List<ProgramLibrary>();
        foreach (var name in library.Dependencies)
        {
            if (_byName.TryGetValue(name, out var needed))
            {
                found.Add(needed);
            }
        }

        if (_companions.TryGetValue(library.Name, out var companions))
        {
            found.AddRange(companions);
        }

        found.RemoveAll(other => other.IsShared || IsTool(other.Name));
        return found;
    }

    private static ProgramLibraries ReadProgram() =>
        new(ListOfThisProgram is { } list ? DependencyFile.Read(list) : ProgramFolderLibrary.Read());

    // The first is the program's own; the frameworks have lists too.
    private static string? FindList()
    {
        foreach (
            var path in ((AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string) ?? "").Split(
                [';', Path.PathSeparator],
                StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (!AssemblyFile.IsFrameworkPath(path) && File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private void AddCompanion(string of, ProgramLibrary library)
    {
        if (!_companions.TryGetValue(of, out var companions))
        {
            _companions.Add(of, companions = []);
        }

        companions.Add(library);
    }

    private static bool IsTool(string name) => Array.Exists(Tools, tool => name.StartsWith(tool, StringComparison.OrdinalIgnoreCase));

    private static string Stem(string name)
    {
        var end = name.Length;
        foreach (var mark in NativeMarks)
        {
            if (name.IndexOf(mark, StringComparison.OrdinalIgnoreCase) is > 0 and var place && place < end)
            {
                end = place;
            }
        }

        return name[..end];
    }
}
