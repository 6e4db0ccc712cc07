using System.Reflection;
using System.Runtime.Loader;
using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>
/// The assemblies that some code needs: those it names and, transitively, those they refer to and those of the packages and projects that
/// they belong to, without the framework and without FalServerless; and what surrounds them. References are read from the files, so nothing
/// is loaded here that the program has not loaded itself.
/// </summary>
internal sealed class AssemblyClosure
{
    private readonly Dictionary<string, AssemblyFile> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ContentHash, string> _contents = [];
    private readonly ReachedLibraries _libraries = new();
    private readonly AssemblyLoadContext _context;

    // By name, those of the context first. To ask each assembly for its name at each reference took most of a capture's time.
    private readonly Dictionary<string, Assembly> _loaded = new(StringComparer.Ordinal);

    private AssemblyClosure(AssemblyLoadContext context)
    {
        _context = context;
        foreach (var assembly in context.Assemblies.Concat(AssemblyLoadContext.Default.Assemblies))
        {
            if (!assembly.IsDynamic && assembly.GetName().Name is { } name)
            {
                _loaded.TryAdd(name, assembly);
            }
        }
    }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<AssemblyReference> References { get; private set; } = [];

    /// <summary>Where the assemblies are.</summary>
    public IEnumerable<string> Paths => _files.Values.Select(file => file.Path);

    /// <summary>
    /// What surrounds the assemblies: texts of cultures, native libraries, the list of the program's dependencies. In the order of their
    /// paths.
    /// </summary>
    public IReadOnlyList<FunctionFile> Files { get; private set; } = [];

    /// <summary>The simple name of the program's own assembly, where it is in the closure.</summary>
    public string? Program =>
        Assembly.GetEntryAssembly()?.GetName().Name is { } name && _files.TryGetValue(name, out var file) ? file.Name : null;

    /// <exception cref="CaptureException">An assembly is not on disk.</exception>
    public static AssemblyClosure Of(IReadOnlyCollection<Assembly> roots)
    {
        var context = roots
            .Select(AssemblyLoadContext.GetLoadContext)
            .FirstOrDefault(context => context is not null && context != AssemblyLoadContext.Default);
        var closure = new AssemblyClosure(context ?? AssemblyLoadContext.Default);
        var pending = new Queue<AssemblyFile>(roots.Where(root => !AssemblyFile.IsShared(root)).Select(AssemblyFile.Of));
        while (pending.TryDequeue(out var file))
        {
            if (closure._files.TryAdd(file.Name, file))
            {
                foreach (var reference in file.References)
                {
                    if (closure.Locate(reference, Path.GetDirectoryName(file.Path)!) is { } referenced)
                    {
                        pending.Enqueue(referenced);
                    }
                }

                foreach (var library in closure._libraries.Reach(file))
                {
                    foreach (var name in library.Assemblies)
                    {
                        if (closure.Locate(name, library.Folder) is { } belonging)
                        {
                            pending.Enqueue(belonging);
                        }
                    }
                }
            }
        }

        closure.References = [.. closure._files.Values.OrderBy(file => file.Name, StringComparer.Ordinal).Select(closure.Reference)];
        closure.Files = closure._files.Count == 0 ? [] : closure.Surroundings();
        return closure;
    }

    /// <summary>An assembly of this closure or of the framework, as this program has it; null for any other.</summary>
    public Assembly? Find(string simpleName)
    {
        if (!_files.ContainsKey(simpleName) && !AssemblyFile.IsFrameworkName(simpleName))
        {
            return null;
        }

        try
        {
            return _context.LoadFromAssemblyName(new AssemblyName(simpleName));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public string FileOf(ContentHash content) =>
        _contents.TryGetValue(content, out var path)
            ? path
            : throw new ProtocolException($"The host asks for content {content}, which is not part of the function.");

    private AssemblyReference Reference(AssemblyFile file) =>
        new()
        {
            Name = file.Name,
            Image = Content(file.Path),
            Symbols = file.SymbolsPath is { } path ? Content(path) : null,
        };

    private List<FunctionFile> Surroundings()
    {
        var files = new Dictionary<string, FunctionFile>(StringComparer.Ordinal);
        var satellites = new SatelliteFiles();
        foreach (var assembly in _files.Values)
        {
            foreach (var path in satellites.Of(assembly))
            {
                Add(files, $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}", path);
            }
        }

        foreach (var library in _libraries.All)
        {
            foreach (var asset in library.Natives)
            {
                Add(files, asset.Path, HostPlatforms.Includes(asset.Platform) ? library.FileOf(asset) : null, asset.Platform, library.Name);
            }
        }

        // Code that looks for plug-ins reads it.
        if (Program is { } program && ProgramLibraries.ListOfThisProgram is { } list)
        {
            Add(files, program + ".deps.json", list);
        }

        var sorted = new List<FunctionFile>(files.Values);
        sorted.Sort(static (one, other) => string.CompareOrdinal(one.Path, other.Path));
        return sorted;
    }

    private void Add(Dictionary<string, FunctionFile> files, string path, string? file, string? platform = null, string? package = null)
    {
        if (!files.ContainsKey(path))
        {
            files.Add(
                path,
                new()
                {
                    Path = path,
                    Platform = platform,
                    Package = package,
                    Content = file is null ? null : Content(file),
                }
            );
        }
    }

    private ContentHash Content(string path)
    {
        var content = FileHash.Of(path);
        _contents[content] = path;
        return content;
    }

    // What cannot be found here cannot be needed by what runs here; if the worker needs it after all, its error names it.
    private AssemblyFile? Locate(string name, string folder)
    {
        if (AssemblyFile.IsFrameworkName(name))
        {
            return null;
        }

        if (_loaded.TryGetValue(name, out var loaded))
        {
            return AssemblyFile.IsShared(loaded) || loaded.Location.Length == 0 ? null : AssemblyFile.Of(loaded);
        }

        return AssemblyFile.TryAt(AssemblyFile.PathOf(name) ?? Path.Combine(folder, name + ".dll"));
    }
}
