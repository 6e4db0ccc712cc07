using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A struct by its fields.</summary>
internal sealed class StructFormatter<T>(FormatterResolver formatters, bool isPositional = false) : ValueFormatter<T>
    where T : struct
{
    private ObjectShape? _shape;

    private ObjectShape Shape => _shape ??= ShapeBuilder.Build(typeof(T), isPositional, formatters);

    public override void Write(ref MessagePackWriter writer, T value, WriteSession session)
    {
        if (Shape.IsMeasured)
        {
            Shape.Write(ref writer, ref Unsafe.As<T, byte>(ref value), session);
        }
        else
        {
            Shape.Write(ref writer, ref Unsafe.NullRef<byte>(), session, byReflection: value);
        }
    }

    public override T Read(ref MessagePackReader reader, ReadSession session)
    {
        if (Shape.IsMeasured)
        {
            T value = default;
            Shape.Read(ref reader, ref Unsafe.As<T, byte>(ref value), session);
            return value;
        }

        object boxed = default(T);
        Shape.Read(ref reader, ref Unsafe.NullRef<byte>(), session, byReflection: boxed);
        return (T)boxed;
    }
}
