using System.Runtime.CompilerServices;
using FalServerless.Serialization.Methods;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// An object of a user's class: all its fields, private and inherited ones too, and no constructor, getter or setter runs. Where the code
/// that gets it uses some fields only, these alone are written, and types of the others are not looked at on either side.
/// </summary>
internal sealed class ObjectFormatter<T>(FormatterResolver formatters, bool isPositional = false) : ReferenceFormatter<T>
    where T : class
{
    // Made at the first use, since a class may have a field of its own type.
    private ObjectShape? _shape;

    // What a message without the others has, where some field is of a type that cannot be sent or is not here.
    private NamedMembers? _members;

    private readonly ConditionalWeakTable<FieldSet, ObjectShape> _partialShapes = [];

    private ObjectShape Shape => _shape ??= ShapeBuilder.Build(typeof(T), isPositional, formatters);

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var shape = session.FieldsOf(value) is { } fields ? _partialShapes.GetValue(fields, PartialShape) : Shape;
        shape.Write(ref writer, value, session);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var members = TryBuild() ? null : _members ??= new(typeof(T), formatters);
        var value = RuntimeHelpers.GetUninitializedObject(typeof(T));
        session.Set(slot, value);
        if (members is null)
        {
            Shape.Read(ref reader, value, session);
        }
        else
        {
            members.Read(ref reader, value, session);
        }

        return value;
    }

    private bool TryBuild()
    {
        try
        {
            return Shape is not null;
        }
        catch (Exception e) when (!isPositional && e is NotSendableException or IOException or BadImageFormatException or TypeLoadException)
        {
            return false;
        }
    }

    private ObjectShape PartialShape(FieldSet fields) => ShapeBuilder.Build(typeof(T), isPositional, formatters, includes: fields.Includes);
}
