using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Loader;
using FalServerless.Protocol;

namespace FalServerless.Worker.Functions;

/// <summary>
/// The load context of user code. An assembly is found among the worker's packages, then among what the functions brought, then in the
/// worker itself, which shares FalServerless and the .NET runtime, then in other shared frameworks of the machine.
/// </summary>
internal sealed class UserAssemblies(IReadOnlyList<string> frameworkFolders) : AssemblyLoadContext("user")
{
    // Types that user code and FalServerless hand to each other: a second copy of them, brought by a function, would be other types.
    private static readonly FrozenSet<string> SharedNames = FrozenSet.ToFrozenSet(
        ["FalServerless", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions"],
        StringComparer.OrdinalIgnoreCase
    );

    // Whether this thread asks what the worker has by itself.
    [ThreadStatic]
    private static bool _isAsking;

    private const string SatelliteSuffix = ".resources";

    private readonly ConcurrentDictionary<string, (string Path, ContentHash Image)> _files = new(StringComparer.OrdinalIgnoreCase);

    private volatile string[] _folders = [];

    /// <summary>The packages of the worker; none until it is claimed with an environment.</summary>
    public EnvironmentFiles? Environment { private get; set; }

    /// <summary>Makes an assembly known; it is loaded when something needs it.</summary>
    /// <exception cref="ProtocolException">Another build of the same assembly is known already: that call belongs to another
    /// worker.</exception>
    public void Add(AssemblyReference assembly, string path)
    {
        if (Environment?.Has(assembly.Name) != true && _files.GetOrAdd(assembly.Name, (path, assembly.Image)).Image != assembly.Image)
        {
            throw new ProtocolException($"This worker holds another build of the assembly '{assembly.Name}'.");
        }
    }

    /// <summary>Makes the folder of a function's files known; native libraries are found there.</summary>
    public void AddFolder(string folder)
    {
        lock (_files)
        {
            _folders = _folders.Contains(folder) ? _folders : [.. _folders, folder];
        }
    }

    /// <summary>The assembly of a simple name; null where it is nowhere.</summary>
    public Assembly? Find(string simpleName)
    {
        try
        {
            return LoadFromAssemblyName(new AssemblyName(simpleName));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Has names that frameworks look up find user code: a converter of a type, a plug-in by its name. They ask their own context, which
    /// knows the worker only; what it does not have is answered from here.
    /// </summary>
    public void AnswerNames() => Default.Resolving += (_, name) => _isAsking ? null : OfFunctions(name);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is not { } name)
        {
            return null;
        }

        // Found here by name alone: a function may have been compiled against another version.
        return SharedNames.Contains(name) ? Default.LoadFromAssemblyName(new AssemblyName(name))
            : OfFunctions(assemblyName) is { } own ? own
            : IsSatellite(assemblyName) || IsInWorker(name) ? null
            : LoadFromFramework(name);
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        if ((Environment?.Library(unmanagedDllName) ?? LibraryOfFunctions(unmanagedDllName)) is { } path)
        {
            return LoadUnmanagedDllFromPath(path);
        }

        LibraryFailures.Remember(unmanagedDllName);
        return IntPtr.Zero;
    }

    private string? LibraryOfFunctions(string name) =>
        Array.Find(_folders, folder => NativeFile.Find(folder, name) is not null) is { } folder ? NativeFile.Find(folder, name) : null;

    private Assembly? OfFunctions(AssemblyName assemblyName) =>
        assemblyName.Name is not { } name || SharedNames.Contains(name) ? null
        : Environment?.Assembly(assemblyName) is { } provided ? LoadOwn(assemblyName, provided)
        : IsSatellite(assemblyName) ? LoadSatellite(assemblyName)
        : _files.TryGetValue(name, out var file) ? LoadOwn(assemblyName, file.Path)
        : null;

    private static bool IsSatellite(AssemblyName name) =>
        !string.IsNullOrEmpty(name.CultureName) && name.Name!.EndsWith(SatelliteSuffix, StringComparison.OrdinalIgnoreCase);

    // The texts of what the environment provides are its own: others belong to another version. Without them the caller continues with the
    // parent culture.
    private Assembly? LoadSatellite(AssemblyName name) =>
        _files.TryGetValue(name.Name![..^SatelliteSuffix.Length], out var file)
        && Path.Combine(Path.GetDirectoryName(file.Path)!, name.CultureName!, name.Name + ".dll") is var path
        && File.Exists(path)
            ? LoadOwn(name, path)
            : null;

    private Assembly LoadOwn(AssemblyName name, string path)
    {
        try
        {
            return LoadFromAssemblyPath(path);
        }
        catch (BadImageFormatException e)
        {
            LoadFailures.Remember(name, path, e);
            throw;
        }
    }

    private static bool IsInWorker(string name)
    {
        _isAsking = true;
        try
        {
            Default.LoadFromAssemblyName(new AssemblyName(name));
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        finally
        {
            _isAsking = false;
        }
    }

    private Assembly? LoadFromFramework(string name)
    {
        foreach (var folder in frameworkFolders)
        {
            var path = Path.Combine(folder, name + ".dll");
            if (File.Exists(path))
            {
                return LoadFromAssemblyPath(path);
            }
        }

        return null;
    }
}
