using System.Reflection;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// Writes and reads the values of one type. A slot may hold null, a reference or another runtime type; a body is the bare value.
/// </summary>
internal abstract class ValueFormatter(Type type)
{
    /// <summary>The type that a body is of, and that represents it on the wire.</summary>
    public Type Type { get; } = type;

    /// <summary>Whether its objects keep their identity within a message.</summary>
    public virtual bool IsTracked => false;

    /// <summary>Whether a message may name <see cref="Type"/> as the runtime type of a value.</summary>
    public virtual bool CanBeNamed => true;

    public abstract void WriteSlot(ref MessagePackWriter writer, object? value, WriteSession session);

    public abstract object? ReadSlot(ref MessagePackReader reader, ReadSession session);

    public abstract void WriteBody(ref MessagePackWriter writer, object value, WriteSession session);

    /// <summary>Reads a body. The slot is where a tracked object makes itself known as soon as it exists; -1 for others.</summary>
    public abstract object ReadBody(ref MessagePackReader reader, ReadSession session, int slot);

    /// <summary>Access to a field that holds such a value.</summary>
    public abstract Member MemberFor(FieldInfo field, string name);
}

/// <inheritdoc/>
internal abstract class ValueFormatter<T>(Type? type = null) : ValueFormatter(type ?? typeof(T))
{
    /// <summary>Writes a slot.</summary>
    public abstract void Write(ref MessagePackWriter writer, T value, WriteSession session);

    /// <summary>Reads a slot.</summary>
    public abstract T Read(ref MessagePackReader reader, ReadSession session);

    public sealed override void WriteSlot(ref MessagePackWriter writer, object? value, WriteSession session) =>
        Write(ref writer, (T)value!, session);

    public sealed override object? ReadSlot(ref MessagePackReader reader, ReadSession session) => Read(ref reader, session);

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) =>
        Write(ref writer, (T)value, session);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) =>
        Read(ref reader, session) ?? throw new ProtocolException($"A value of type '{Type}' is missing.");

    public sealed override Member MemberFor(FieldInfo field, string name) => new FieldMember<T>(field, name, this);
}
