using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A slot of a reference type whose objects keep their identity: nil, a reference, a typed value, or the body.</summary>
internal abstract class ReferenceFormatter<T>(Type? type = null) : ValueFormatter<T?>(type)
    where T : class
{
    public override bool IsTracked => true;

    public sealed override void Write(ref MessagePackWriter writer, T? value, WriteSession session)
    {
        if (value is null)
        {
            writer.WriteNil();
        }
        else if (value.GetType() != Type)
        {
            session.WriteOther(ref writer, value, typeof(T), Type);
        }
        else if (!session.TryWriteReference(ref writer, value))
        {
            session.Enter(value);
            WriteBody(ref writer, value, session);
            session.Leave();
        }
    }

    public sealed override T? Read(ref MessagePackReader reader, ReadSession session)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        if (session.TryReadReference<T>(ref reader, out var earlier))
        {
            return earlier;
        }

        if (session.IsTyped(ref reader))
        {
            return session.ReadTyped<T>(ref reader);
        }

        var slot = session.Reserve(reader.Consumed);
        session.Enter(ref reader);
        var value = (T)ReadBody(ref reader, session, slot);
        session.Leave(ref reader);
        session.Set(slot, value);
        return value;
    }

    public abstract override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session);

    public abstract override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot);
}
