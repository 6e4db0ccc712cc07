namespace FalServerless.Capture;

/// <summary>The packages and projects that the assemblies of a closure belong to, with all that these need.</summary>
internal sealed class ReachedLibraries
{
    private readonly HashSet<ProgramLibrary> _reached = [];

    public IReadOnlyCollection<ProgramLibrary> All => _reached;

    /// <summary>The libraries that an assembly brings into the closure and that are not there yet.</summary>
    public IReadOnlyList<ProgramLibrary> Reach(AssemblyFile file)
    {
        var found = new List<ProgramLibrary>();
        var libraries = ProgramLibraries.OfThisProgram;
        var owner = libraries.Owner(file.Name);
        if (owner is null && Path.ChangeExtension(file.Path, ".deps.json") is var list && File.Exists(list))
        {
            // A program within the program, as one that is loaded into a context of its own, has its own list.
            libraries = ProgramLibraries.Of(list);
            owner = libraries.Owner(file.Name);
        }

        if (owner is not null && _reached.Add(owner))
        {
            found.Add(owner);
            for (var next = 0; next < found.Count; next++)
            {
                foreach (var other in libraries.BelongingTo(found[next]))
                {
                    if (_reached.Add(other))
                    {
                        found.Add(other);
                    }
                }
            }
        }

        return found;
    }
}
