using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>Finds the members of a type: every instance field, or those that a type which rebuilds the others leaves in.</summary>
internal static class ShapeBuilder
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The shape of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="isPositional">Whether its fields are known by their place.</param>
    /// <param name="formatters">Those of its fields.</param>
    /// <param name="below">A base class whose state is written in another way, and whose fields are no part of the shape.</param>
    /// <param name="leavesOut">Whether the fields that the type marks so are left out: only where its own code rebuilds them.</param>
    /// <param name="includes">Which fields it has, by the names that they have among all; null for all.</param>
    public static ObjectShape Build(
        Type type,
        bool isPositional,
        FormatterResolver formatters,
        Type? below = null,
        bool leavesOut = false,
        Func<FieldInfo, bool>? includes = null
    )
    {
        var fields = FieldsOf(type, below);
        var names = FieldNames
            .Of(leavesOut ? fields.Where(field => !LeftOutFields.Contains(field)) : fields, type)
            .Where(pair => includes?.Invoke(pair.Field) ?? true);
        return new(type, [.. names.Select(pair => MemberFor(pair.Field, pair.Name, formatters))], isPositional);
    }

    public static Member MemberFor(FieldInfo field, string name, FormatterResolver formatters)
    {
        try
        {
            return formatters.For(field.FieldType).MemberFor(field, name);
        }
        catch (NotSendableException e) when (e.Within(name))
        {
            throw;
        }
    }

    /// <summary>All instance fields: base classes first, each in the order of its source.</summary>
    /// <exception cref="NotSendableException">Its fields are not all of its state.</exception>
    public static List<FieldInfo> FieldsOf(Type type, Type? below = null)
    {
        var fields = new List<FieldInfo>();
        for (
            var level = type;
            level is not null && level != below && level != typeof(object) && level != typeof(ValueType);
            level = level.BaseType
        )
        {
            var declared = level.GetFields(Declared);
            if (declared.Length > 0 && level != type && FrameworkTypes.Contains(level))
            {
                throw new NotSendableException(
                    type,
                    $"it is derived from '{level}', whose own state is the framework's",
                    "Hold the data in fields of your own, without that base class"
                );
            }

            ThrowIfLaidOutByHand(type, level, declared);
            Array.Sort(declared, static (x, y) => x.MetadataToken.CompareTo(y.MetadataToken));
            fields.InsertRange(0, declared);
        }

        return fields;
    }

    // One declared field represents many here: writing it alone would lose the rest silently.
    private static void ThrowIfLaidOutByHand(Type type, Type level, FieldInfo[] fields)
    {
        if (
            level.IsDefined(typeof(InlineArrayAttribute), inherit: false)
            || Array.Exists(fields, field => field.IsDefined(typeof(FixedBufferAttribute), inherit: false))
        )
        {
            throw new NotSendableException(type, "it holds a buffer of fixed size inside itself", "Use an array");
        }
    }
}
