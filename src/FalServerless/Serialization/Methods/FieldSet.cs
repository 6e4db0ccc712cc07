using System.Reflection;

namespace FalServerless.Serialization.Methods;

/// <summary>Some fields of a class and its base classes; for a generic class, of its definition.</summary>
internal sealed class FieldSet(IReadOnlySet<(Module Module, int Token)> fields)
{
    public bool Includes(FieldInfo field) => fields.Contains((field.Module, field.MetadataToken));
}
