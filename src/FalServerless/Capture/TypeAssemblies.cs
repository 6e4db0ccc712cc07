using System.Reflection;

namespace FalServerless.Capture;

/// <summary>Collects the assemblies of types and methods, of their type arguments too.</summary>
internal sealed class TypeAssemblies
{
    private readonly HashSet<Assembly> _assemblies = [];
    private readonly HashSet<Type> _seen = [];

    public IReadOnlyCollection<Assembly> Found => _assemblies;

    public void Add(MethodInfo? method)
    {
        if (method is null)
        {
            return;
        }

        Add(method.DeclaringType);
        if (method.IsGenericMethod)
        {
            Array.ForEach(method.GetGenericArguments(), Add);
        }
    }

    public void Add(Type? type)
    {
        while (type is { HasElementType: true })
        {
            type = type.GetElementType();
        }

        if (type is null || !_seen.Add(type))
        {
            return;
        }

        _assemblies.Add(type.Assembly);
        Array.ForEach(type.GetGenericArguments(), Add);
    }
}
