using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;

namespace FalServerless.Serialization.Types;

/// <summary>
/// A type's stable name and back. The name holds no version: <c>Namespace.Outer+Inner`1, Assembly</c>, and no assembly for the core
/// library, so both sides may run another patch of the runtime. A name resolves only in the assemblies that the source gives.
/// </summary>
/// <param name="assemblies">The assembly of a simple name, null where this side must not or cannot load it.</param>
internal sealed class TypeNames(Func<string, Assembly?> assemblies)
{
    private const int MaximumNameLength = 4096;

    private static readonly Assembly CoreLibrary = typeof(object).Assembly;

    private static readonly ConcurrentDictionary<Type, string> Names = new();

    private readonly ConcurrentDictionary<string, Type> _types = new();
    private readonly ConcurrentDictionary<Assembly, bool> _known = new();

    /// <summary>Resolves among what this process has loaded, and among what it would load by itself.</summary>
    public static TypeNames OfThisProcess { get; } = new(LoadByName);

    /// <summary>The name of a type that is neither constructed nor an array; those are written in parts.</summary>
    public static string NameOf(Type definition) =>
        Names.GetOrAdd(
            definition,
            static type =>
            {
                if (type.Assembly.IsDynamic)
                {
                    throw new UnnamedTypeException(
                        type,
                        "it was made at run time, and exists in this process only",
                        "Use a type that a compiler built"
                    );
                }

                if (type.FullName is null || type.IsGenericParameter || type.IsFunctionPointer)
                {
                    throw new UnnamedTypeException(
                        type,
                        "it has no name by which another process could find it",
                        "Use a closed type that a compiler built"
                    );
                }

                return type.Assembly == CoreLibrary ? type.FullName : $"{type.FullName}, {type.Assembly.GetName().Name}";
            }
        );

    /// <summary>The type of a name.</summary>
    /// <exception cref="ProtocolException">The name is malformed, or nothing this side may load has it.</exception>
    public Type Resolve(string name)
    {
        if (_types.TryGetValue(name, out var known))
        {
            return known;
        }

        var type = Find(name);
        _types.TryAdd(name, type);
        return type;
    }

    /// <summary>The assembly of a simple name.</summary>
    /// <exception cref="ProtocolException">This side may not or cannot load it.</exception>
    public Assembly AssemblyOf(string simpleName) => LoadAssembly(simpleName, "The code");

    /// <summary>Whether a name in a message would lead to this very assembly.</summary>
    public bool Knows(Assembly assembly) =>
        _known.GetOrAdd(assembly, static (assembly, self) => assembly.GetName().Name is { } name && self.Finds(name) == assembly, this);

    private Assembly? Finds(string simpleName)
    {
        try
        {
            return assemblies(simpleName);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or ArgumentException)
        {
            return null;
        }
    }

    private static Assembly? LoadByName(string simpleName)
    {
        try
        {
            return Assembly.Load(new AssemblyName(simpleName));
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return Array.Find(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == simpleName);
        }
    }

    private Type Find(string name)
    {
        if (name.Length > MaximumNameLength || !TypeName.TryParse(name, out var parsed) || !parsed.IsSimple)
        {
            throw new ProtocolException($"'{Shorten(name)}' is not the name of a type.");
        }

        var assemblyName = parsed.AssemblyName?.Name;
        var assembly = assemblyName is null ? CoreLibrary : LoadAssembly(assemblyName, $"The type '{parsed.FullName}'");
        return assembly.GetType(parsed.FullName, throwOnError: false)
            ?? throw new ProtocolException(
                $"The assembly '{assembly.GetName().Name}' here has no type '{parsed.FullName}'. Was it rebuilt without this type, "
                    + $"or trimmed?"
            );
    }

    private Assembly LoadAssembly(string assemblyName, string needed)
    {
        try
        {
            return assemblies(assemblyName)
                ?? throw new ProtocolException($"{needed} needs the assembly '{Shorten(assemblyName)}', which this side does not have.");
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or ArgumentException)
        {
            throw new ProtocolException(
                $"{needed} needs the assembly '{Shorten(assemblyName)}', which cannot be loaded here: {e.Message}",
                e
            );
        }
    }

    private static string Shorten(string name) => name.Length <= 100 ? name : name[..100] + "…";
}
