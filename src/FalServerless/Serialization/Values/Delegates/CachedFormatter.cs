using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A cached function: <c>[delegate]</c>. What it has kept stays where it is; the other side finds what that process has kept. As code, it
/// is sent to a worker only.
/// </summary>
/// <param name="bodies">Of its delegate's type.</param>
internal sealed class CachedFormatter<T>(ValueFormatter bodies) : ReferenceFormatter<T>
    where T : class, ICachedFunction
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        if (!session.Limits.WritesDelegates)
        {
            throw Refusals.DelegateBack.For(value.GetType());
        }

        writer.WriteArrayHeader(1);
        bodies.WriteSlot(ref writer, ((T)value).Body, session);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        if (!session.Limits.ReadsDelegates)
        {
            throw new ProtocolException($"The message holds a cached function ('{typeof(T)}'), where only data are taken.");
        }

        if (reader.ReadArrayHeader() != 1)
        {
            throw new ProtocolException("A cached function has 1 part.");
        }

        // Its code may lead back to it: it must be there before that is read.
        var value = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        session.Set(slot, value);
        value.Body = bodies.ReadSlot(ref reader, session) as Delegate ?? throw new ProtocolException("A cached function has no code.");
        return value;
    }
}
