using FalServerless.Serialization.Methods;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A delegate: <c>[part…]</c>, a part being <c>[method]</c> or <c>[method, object]</c>, and several parts those of a combined one.
/// It is sent to a worker only: what comes back must not choose code that runs here.
/// </summary>
internal sealed class DelegateFormatter<T>(FormatterResolver formatters) : ReferenceFormatter<T>
    where T : Delegate
{
    private const int BytesPerPart = 8;

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        if (!session.Limits.WritesDelegates)
        {
            throw Refusals.DelegateBack.For(value.GetType());
        }

        var parts = ((Delegate)value).GetInvocationList();
        writer.WriteArrayHeader(parts.Length);
        if (parts.Length > 1)
        {
            // A combined delegate can be built only from its parts: none of them may lead back to it.
            session.Begin(value);
        }

        foreach (var part in parts)
        {
            WritePart(ref writer, part, session);
        }

        if (parts.Length > 1)
        {
            session.Finish();
        }
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        if (!session.Limits.ReadsDelegates)
        {
            throw new ProtocolException($"The message holds a delegate ('{typeof(T)}'), where only data are taken.");
        }

        var count = session.Claim(ref reader, reader.ReadArrayHeader(), BytesPerPart);
        if (count == 1)
        {
            return ReadPart(ref reader, session, slot);
        }

        Delegate? combined = null;
        for (var i = 0; i < count; i++)
        {
            combined = Delegate.Combine(combined, ReadPart(ref reader, session, slot: -1));
        }

        return combined ?? throw new ProtocolException("A delegate has no part.");
    }

    private void WritePart(ref MessagePackWriter writer, Delegate part, WriteSession session)
    {
        var method = part.Method;
        if (MethodPortability.Refuse(method) is { } refusal)
        {
            throw new NotSendableException(part.GetType(), refusal.Reason, refusal.Suggestion);
        }

        if (!session.Limits.IsOnlyCompared && !session.Names.Knows(method.DeclaringType!.Assembly))
        {
            throw new NotSendableException(
                part.GetType(),
                $"its method '{method.DeclaringType!.Name}.{method.Name}' is in the assembly "
                    + $"'{method.DeclaringType!.Assembly.GetName().Name}', which the function does not bring along",
                "Name a type of that assembly in the body"
            );
        }

        session.UseCode(method);
        var isClosed = DelegateParts.IsClosed(part);
        writer.WriteArrayHeader(isClosed ? 2 : 1);
        writer.Write(Encode(part));
        if (!isClosed)
        {
            return;
        }

        var target = DelegateBinder.TargetType(method);
        try
        {
            formatters.For(target).WriteSlot(ref writer, part.Target, session);
        }
        catch (NotSendableException e) when (e.Within(ClosureNames.IsClosure(target) ? "" : nameof(Delegate.Target)))
        {
            throw;
        }
    }

    private Delegate ReadPart(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var size = reader.ReadArrayHeader();
        if (size is < 1 or > 2)
        {
            throw new ProtocolException($"A part of a delegate has 1 or 2 parts, not {size}.");
        }

        var method = MethodCodec.Decode(
            reader.ReadBytes() ?? throw new ProtocolException("A delegate's method is missing."),
            session.Names
        );
        try
        {
            if (size == 1)
            {
                return DelegateBinder.Open(typeof(T), method);
            }

            var targets = formatters.For(DelegateBinder.TargetType(method));
            if (slot < 0 || !targets.IsTracked)
            {
                return DelegateBinder.Closed(typeof(T), method, targets.ReadSlot(ref reader, session));
            }

            // The object may hold this very delegate: it must be there as soon as the object exists, before its fields are read.
            var awaited = session.Await(slot, target => DelegateBinder.Closed(typeof(T), method, target));
            var read = targets.ReadSlot(ref reader, session);
            return (Delegate)session.Awaited(awaited, read);
        }
        catch (Exception e) when (e is ArgumentException or NotSendableException)
        {
            throw new ProtocolException($"The message makes a '{typeof(T)}' of the method '{method}', which cannot be: {e.Message}", e);
        }
    }

    private static byte[] Encode(Delegate part)
    {
        try
        {
            return MethodCodec.Encode(part.Method);
        }
        catch (ArgumentException e)
        {
            throw new NotSendableException(
                part.GetType(),
                $"its method cannot be named: {e.Message.TrimEnd('.')}",
                "Use types that a compiler built"
            );
        }
    }
}
