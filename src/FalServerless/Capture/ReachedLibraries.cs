namespace FalServerless.Capture;

/// <summary>The packages and projects that the assemblies of a closure belong to, with all that these need.</summary>
internal sealed class ReachedLibraries
{
    private readonly HashSet<ProgramLibrary> _reached = new(ReferenceEqualityComparer.Instance);

    /// <summary>Those of the libraries, for all platforms.</summary>
    public IEnumerable<(ProgramLibrary Library, NativeAsset Asset)> Natives => _reached.SelectMany(library => library.Natives.Select(asset => (library, asset)));

    /// <summary>The simple names of assemblies that an assembly brings into the closure, with the folders where they may lie.</summary>
    public IEnumerable<(string Name, string Folder)> Reach(AssemblyFile file)
    {
        var libraries = ProgramLibraries.OfThisProgram;
        if (libraries.Owner(file.Name) is not { } owner)
        {
            // A program within the program, as one that is loaded into a context of its own, has its own list.
            var list = Path.ChangeExtension(file.Path, ".deps.json");
            if (!File.Exists(list))
            {
                return [];
            }

            libraries = ProgramLibraries.Of(list);
            if (libraries.Owner(file.Name) is not { } other)
            {
                return [];
            }

            owner = other;
        }

        return Reach(libraries, owner);
    }

    private List<(string Name, string Folder)> Reach(ProgramLibraries libraries, ProgramLibrary owner)
    {
        var names = new List<(string, string)>();
        var pending = new Stack<ProgramLibrary>([owner]);
        while (pending.TryPop(out var library))
        {
            if (_reached.Add(library))
            {
                names.AddRange(library.Assemblies.Select(name => (name, library.Folders[0])));
                foreach (var other in libraries.BelongingTo(library))
                {
                    pending.Push(other);
                }
            }
        }

        return names;
    }
}
