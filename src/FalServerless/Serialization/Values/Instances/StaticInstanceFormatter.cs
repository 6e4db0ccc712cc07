using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Serialization.Methods;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A class some of whose instances are held by static readonly fields: such an instance is named, and its contents follow, so that an
/// instance that has changed since is not mistaken for the one on the other side; the others are written as the class's objects are.
/// </summary>
internal sealed class StaticInstanceFormatter<T>(StaticInstances instances, ReferenceFormatter<T> contents, FormatterResolver formatters)
    : ReferenceFormatter<T>
    where T : class
{
    // The writer asks for room ahead of what it writes.
    private const int Slack = 64 * 1024;

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        if (instances.FieldOf(value) is not { } field)
        {
            contents.WriteBody(ref writer, value, session);
            return;
        }

        // The other side compares them with the instance there.
        session.WriteWhole(value);
        writer.WriteRaw(Markers.Instance);
        session.WriteType(ref writer, field.DeclaringType!);
        StringCodec.Write(ref writer, field.Name);
        if (instances.HoldsCode || session.Limits.NamesInstances)
        {
            writer.WriteNil();
        }
        else
        {
            contents.WriteBody(ref writer, value, session);
        }
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        if (!reader.TryReadRaw(Markers.Instance))
        {
            return contents.ReadBody(ref reader, session, slot);
        }

        var declaring = session.Types.Read(ref reader);
        var name = StringCodec.Read(ref reader);
        if (instances.Get(declaring, name) is not T instance)
        {
            throw new ProtocolException($"The static field '{declaring}.{name}' holds no '{typeof(T)}' here.");
        }

        // What the contents refer to is the instance, so that they are the same where the instance is.
        session.Set(slot, instance);
        if (reader.TryReadNil())
        {
            return instance;
        }

        session.Watch(slot);
        var sent = contents.ReadBody(ref reader, session, slot: -1);
        var isReferredTo = session.EndWatch();
        if (AreSame(sent, instance, session))
        {
            return instance;
        }

        return isReferredTo
            ? throw new ProtocolException(
                $"The object of the static field '{declaring}.{name}' was changed before it was sent: it differs from the one here, "
                    + $"and its own contents refer to it. "
                    + "Send an object that no static field holds."
            )
            : sent;
    }

    // A message cannot make more work than the instance itself: what is longer differs.
    private bool AreSame(object sent, object instance, ReadSession session)
    {
        try
        {
            var here = Contents(instance, session, ProtocolLimits.MaximumBody);
            return here.AsSpan().SequenceEqual(Contents(sent, session, here.Length + Slack));
        }
        catch (Exception e) when (e is NotSendableException or BufferLimitException)
        {
            return false;
        }
    }

    private byte[] Contents(object value, ReadSession reading, long limit)
    {
        var limits = reading.Limits with
        {
            IsOnlyCompared = true,
            NamesInstances = true,
            WritesDelegates = true,
            RunsLazySequences = false,
        };
        var session = WriteSession.Rent(formatters, reading.Names, limits, ClosureFieldUsage.All);
        try
        {
            var output = new SegmentedBuffer(limit);
            var writer = new MessagePackWriter(new CountedOutput(output));
            contents.WriteBody(ref writer, value, session);
            writer.Flush();
            return output.Written.ToArray();
        }
        finally
        {
            session.Return();
        }
    }
}
