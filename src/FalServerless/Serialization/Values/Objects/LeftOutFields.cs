using System.Reflection;
using System.Runtime.Serialization;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The fields that a type with callbacks leaves out of its state, as the framework's serializers do: its callbacks rebuild them.
/// </summary>
internal static class LeftOutFields
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static bool Contains(FieldInfo field) =>
        field.IsDefined(typeof(NonSerializedAttribute), inherit: false)
        || (IsByMembers(field.DeclaringType!) && (!IsMarked<DataMemberAttribute>(field) || IsMarked<IgnoreDataMemberAttribute>(field)));

    private static bool IsMarked<TAttribute>(FieldInfo field)
        where TAttribute : Attribute =>
        field.IsDefined(typeof(TAttribute), inherit: false)
        || (FieldNames.PropertyOf(field)?.IsDefined(typeof(TAttribute), inherit: false) ?? false);

    // The state behind a data member with code of its own is in unmarked fields, and it is unknown in which: then all are sent.
    private static bool IsByMembers(Type type) =>
        type.IsDefined(typeof(DataContractAttribute), inherit: false)
        && !Array.Exists(
            type.GetProperties(Declared),
            property => property.IsDefined(typeof(DataMemberAttribute), inherit: false) && FieldNames.BackingFieldOf(property) is null
        );
}
