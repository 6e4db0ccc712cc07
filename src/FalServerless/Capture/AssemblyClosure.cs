using System.Reflection;
using System.Runtime.Loader;
using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>
/// The assemblies that some code needs: those it names and, transitively, those they refer to and those of the packages and projects that they belong to, without the framework
/// and without FalServerless; and what surrounds them. References are read from the files, so nothing is loaded here that the program has not loaded itself.
/// </summary>
internal sealed class AssemblyClosure
{
    private readonly Dictionary<string, AssemblyFile> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ContentHash, string> _contents = [];
    private readonly ReachedLibraries _libraries = new();
    private readonly AssemblyLoadContext _context;

    private AssemblyClosure(AssemblyLoadContext context) => _context = context;

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<AssemblyReference> References { get; private set; } = [];

    /// <summary>What surrounds the assemblies: texts of cultures, native libraries, the list of the program's dependencies. In the order of their paths.</summary>
    public IReadOnlyList<FunctionFile> Files { get; private set; } = [];

    /// <summary>The simple name of the program's own assembly, where it is in the closure.</summary>
    public string? Program => Assembly.GetEntryAssembly()?.GetName().Name is { } name && _files.ContainsKey(name) ? name : null;

    /// <exception cref="CaptureException">An assembly is not on disk.</exception>
    public static AssemblyClosure Of(IReadOnlyCollection<Assembly> roots)
    {
        var context = roots.Select(AssemblyLoadContext.GetLoadContext).FirstOrDefault(context => context is not null && context != AssemblyLoadContext.Default);
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

                foreach (var (name, folder) in closure._libraries.Reach(file))
                {
                    if (closure.Locate(name, folder) is { } belonging)
                    {
                        pending.Enqueue(belonging);
                    }
                }
            }
        }

        closure.References = [.. closure._files.Values.OrderBy(file => file.Name, StringComparer.Ordinal).Select(closure.Reference)];
        closure.Files =
        [
            .. SatelliteFiles.Of(closure._files.Values).Select(closure.Satellite)
                .Concat(closure._libraries.Natives.Select(closure.Native))
                .Concat(closure.DependencyList())
                .DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
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
        _contents.TryGetValue(content, out var path) ? path : throw new ProtocolException($"The host asks for content {content}, which is not part of the function.");

    private AssemblyReference Reference(AssemblyFile file) =>
        new() { Name = file.Name, Image = Content(file.Path), Symbols = file.SymbolsPath is { } path ? Content(path) : null };

    private FunctionFile Satellite((string Culture, string Path) file) =>
        new() { Path = $"{file.Culture}/{Path.GetFileName(file.Path)}", Content = Content(file.Path) };

    private FunctionFile Native((ProgramLibrary Library, NativeAsset Asset) native) => new()
    {
        Path = native.Asset.Path,
        Platform = native.Asset.Platform,
        Package = native.Library.Name,
        Content = HostPlatforms.Includes(native.Asset.Platform) && native.Library.FileOf(native.Asset) is { } path ? Content(path) : null,
    };

    // Code that looks for plug-ins reads it.
    private IEnumerable<FunctionFile> DependencyList() =>
        Program is { } program && ProgramLibraries.ListOfThisProgram is { } path ? [new() { Path = program + ".deps.json", Content = Content(path) }] : [];

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

        var loaded = _context.Assemblies.Concat(AssemblyLoadContext.Default.Assemblies).FirstOrDefault(assembly => !assembly.IsDynamic && assembly.GetName().Name == name);
        if (loaded is not null)
        {
            return AssemblyFile.IsShared(loaded) || loaded.Location.Length == 0 ? null : AssemblyFile.Of(loaded);
        }

        return AssemblyFile.TryAt(AssemblyFile.PathOf(name) ?? Path.Combine(folder, name + ".dll"));
    }
}
