using System.Collections.Concurrent;
using System.Reflection;

namespace FalServerless.Serialization.Methods;

/// <summary>
/// The fields of closures that some code uses. A compiler puts the variables of all lambdas of a scope into one object: only the used ones
/// may be sent.
/// </summary>
internal sealed class ClosureFieldUsage
{
    // One program has few combinations of delegates; a program that makes them without end pays for each.
    private const int MaximumKept = 256;

    private readonly HashSet<(Module Module, int Token)> _fields;
    private readonly ConcurrentDictionary<MethodBase, ClosureFieldUsage> _with = new();

    private ClosureFieldUsage(HashSet<(Module, int)> fields) => _fields = fields;

    /// <summary>No code, no fields.</summary>
    public static ClosureFieldUsage None { get; } = new([]);

    /// <summary>Every field of every closure, whatever the code.</summary>
    public static ClosureFieldUsage All { get; } = new([]);

    public bool Includes(FieldInfo field) =>
        this == All ? !ClosureNames.IsCache(field.Name) : _fields.Contains((field.Module, field.MetadataToken));

    /// <summary>With the fields that one more method uses; this object itself if that adds none.</summary>
    public ClosureFieldUsage With(MethodInfo method)
    {
        if (this == All)
        {
            return this;
        }

        if (!_with.TryGetValue(method, out var use))
        {
            use = Add(method);
            if (_with.Count < MaximumKept)
            {
                _with.TryAdd(method, use);
            }
        }

        return use;
    }

    private ClosureFieldUsage Add(MethodInfo method)
    {
        if (!MethodPortability.HasFileOfItsOwn(method))
        {
            return this;
        }

        var used = ModuleCode.Of(method.Module).FieldsUsedBy(method.MetadataToken);
        var missing = used.Select(token => (method.Module, token)).Where(field => !_fields.Contains(field)).ToArray();
        return missing.Length == 0 ? this : new([.. _fields, .. missing]);
    }
}
