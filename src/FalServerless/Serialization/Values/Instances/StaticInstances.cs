using System.Reflection;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The instances of a user's class that its <c>static readonly</c> fields hold, or those of its base classes (an enumeration class).
/// </summary>
internal sealed class StaticInstances
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly List<FieldInfo> _fields;
    private volatile Dictionary<object, FieldInfo>? _byInstance;

    private StaticInstances(Type type, List<FieldInfo> fields)
    {
        _fields = fields;
        HoldsCode = Levels(type).SelectMany(level => level.GetFields(Instance)).Any(field => IsCode(field.FieldType));
    }

    /// <summary>
    /// Whether the instances hold delegates, or lazy values that delegates make, which are never sent back: then they are known by their
    /// names alone.
    /// </summary>
    public bool HoldsCode { get; }

    /// <summary>A formatter that knows the instances of a class; the given one where there are none.</summary>
    public static ReferenceFormatter<T> Wrap<T>(ReferenceFormatter<T> contents, FormatterResolver formatters)
        where T : class => Find(typeof(T)) is { } instances ? new StaticInstanceFormatter<T>(instances, contents, formatters) : contents;

    /// <summary>The field that holds this very object; null where none does.</summary>
    public FieldInfo? FieldOf(object value)
    {
        var known = _byInstance;
        if (known is null || (known.Count < _fields.Count && !known.ContainsKey(value)))
        {
            // While the type is being initialised some are not there yet.
            _byInstance = known = ReadAll();
        }

        return known.GetValueOrDefault(value);
    }

    /// <summary>The instance that a message names.</summary>
    public object Get(Type declaring, string name)
    {
        var field =
            _fields.Find(field => field.DeclaringType == declaring && field.Name == name)
            ?? throw new ProtocolException(
                $"The message names the static field '{declaring}.{name}', which holds no such object here. Do both sides run the "
                    + $"same version of it?"
            );
        try
        {
            return field.GetValue(null)
                ?? throw new ProtocolException(
                    $"The static field '{declaring}.{FieldNames.Plain(field)}' is null here, where the message names the object "
                        + $"that it holds."
                );
        }
        catch (Exception e) when (e is TypeInitializationException or TargetInvocationException)
        {
            throw new ProtocolException(
                $"The static field '{declaring}.{FieldNames.Plain(field)}' cannot be read here, as its type's initialisation failed: "
                    + $"{e.GetBaseException().Message}",
                e
            );
        }
    }

    private static bool IsCode(Type type) =>
        type.IsAssignableTo(typeof(Delegate)) || (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Lazy<>));

    private static StaticInstances? Find(Type type)
    {
        var fields = Levels(type)
            .SelectMany(level => level.GetFields(Statics))
            .Where(field =>
                field.IsInitOnly
                && type.IsAssignableTo(field.FieldType)
                && !FrameworkTypes.Contains(field.FieldType)
                && !field.IsDefined(typeof(ThreadStaticAttribute), inherit: false)
            )
            .ToList();
        return fields.Count == 0 ? null : new(type, fields);
    }

    private static IEnumerable<Type> Levels(Type type)
    {
        for (var level = type; level is not null && !FrameworkTypes.Contains(level); level = level.BaseType)
        {
            yield return level;
        }
    }

    private Dictionary<object, FieldInfo> ReadAll()
    {
        var found = new Dictionary<object, FieldInfo>(ReferenceEqualityComparer.Instance);
        foreach (var field in _fields)
        {
            try
            {
                if (field.GetValue(null) is { } instance)
                {
                    found.TryAdd(instance, field);
                }
            }
            catch (Exception e) when (e is TypeInitializationException or TargetInvocationException)
            {
                // A type whose initialisation failed holds nothing: its objects are sent by their fields.
            }
        }

        return found;
    }
}
