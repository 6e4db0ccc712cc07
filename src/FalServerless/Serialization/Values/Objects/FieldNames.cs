using System.Reflection;

namespace FalServerless.Serialization.Values;

/// <summary>The names of fields on the wire: a property's backing field has the property's name.</summary>
internal static class FieldNames
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly string[] Suffixes = ["k__BackingField", "i__Field", "P"];

    /// <summary>
    /// Each field with a name of its own. The most derived class has the plain names; a base class's says where it is from.
    /// </summary>
    public static IEnumerable<(FieldInfo Field, string Name)> Of(IEnumerable<FieldInfo> fields, Type type)
    {
        var ordered = fields.ToList();
        var taken = new HashSet<string>();
        var names = new string[ordered.Count];
        for (var i = ordered.Count - 1; i >= 0; i--)
        {
            names[i] = Free(ordered[i], type, taken);
        }

        return ordered.Zip(names);
    }

    public static string Plain(FieldInfo field)
    {
        var name = field.Name;
        var end = name.LastIndexOf('>');
        return name.StartsWith('<') && end > 1 && Suffixes.Contains(name[(end + 1)..]) ? name[1..end] : name;
    }

    /// <summary>The property that this field backs, null for other fields.</summary>
    public static PropertyInfo? PropertyOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.DeclaringType!.GetProperty(Plain(field), Declared) : null;

    /// <summary>The field behind a property that the compiler wrote, null where the property has code of its own.</summary>
    public static FieldInfo? BackingFieldOf(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Declared);

    private static string Free(FieldInfo field, Type type, HashSet<string> taken)
    {
        var plain = Plain(field);
        if (taken.Add(plain))
        {
            return plain;
        }

        var name = field.DeclaringType == type ? field.Name : $"{field.DeclaringType!.Name}.{field.Name}";
        for (var i = 2; !taken.Add(name); i++)
        {
            name = $"{field.DeclaringType!.Name}.{field.Name}~{i}";
        }

        return name;
    }
}
