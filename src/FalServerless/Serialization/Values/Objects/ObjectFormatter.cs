using System.Runtime.CompilerServices;
using FalServerless.Serialization.MessagePack;

namespace FalServerless.Serialization.Values;

/// <summary>An object of a user's class: all its fields, private and inherited ones too, and no constructor, getter or setter runs.</summary>
internal sealed class ObjectFormatter<T>(FormatterResolver formatters, bool isPositional = false) : ReferenceFormatter<T>
    where T : class
{
    // Made at the first use, since a class may have a field of its own type.
    private ObjectShape? _shape;

    private ObjectShape Shape => _shape ??= ShapeBuilder.Build(typeof(T), isPositional, formatters);

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) => Shape.Write(ref writer, value, session);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var shape = Shape;
        var value = RuntimeHelpers.GetUninitializedObject(typeof(T));
        session.Set(slot, value);
        shape.Read(ref reader, value, session);
        return value;
    }
}
