using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The members of a type and their form on the wire: a map by name, or an array by place.
/// The first uses go through reflection, which costs nothing to set up; meanwhile the field offsets are measured in the background.
/// </summary>
internal sealed class ObjectShape(Type type, Member[] members, bool isPositional)
{
    // Emitting the first method of a process takes tens of milliseconds of a processor: not during a first call.
    private const int UsesBeforeMeasuring = 8;

    private readonly StaticGates? _gates = StaticGates.Find(type);

    private Dictionary<string, Member>? _byName;
    private volatile bool _isMeasured;
    private int _uses;

    public bool IsMeasured => _isMeasured || CountUse();

    /// <summary>Writes the fields of a class or of a boxed struct.</summary>
    public void Write(ref MessagePackWriter writer, object owner, WriteSession session)
    {
        if (IsMeasured)
        {
            Write(ref writer, ref FieldOffsets.FieldsOf(owner), session);
        }
        else
        {
            Write(ref writer, ref Unsafe.NullRef<byte>(), session, owner);
        }
    }

    public void Write(ref MessagePackWriter writer, ref byte fields, WriteSession session, object? byReflection = null)
    {
        if (_gates is not null)
        {
            session.AddGates(_gates);
        }

        WriteHeader(ref writer);
        var i = 0;
        try
        {
            for (; i < members.Length; i++)
            {
                var member = members[i];
                if (!isPositional)
                {
                    writer.WriteRaw(member.Key);
                }

                if (byReflection is null)
                {
                    member.Write(ref writer, ref fields, session);
                }
                else
                {
                    member.WriteByReflection(ref writer, byReflection, session);
                }
            }
        }
        catch (NotSendableException e) when (e.Within(members[i].Name))
        {
            throw;
        }
    }

    /// <summary>Reads into the fields of a class or of a boxed struct.</summary>
    public void Read(ref MessagePackReader reader, object owner, ReadSession session)
    {
        if (IsMeasured)
        {
            Read(ref reader, ref FieldOffsets.FieldsOf(owner), session);
        }
        else
        {
            Read(ref reader, ref Unsafe.NullRef<byte>(), session, owner);
        }
    }

    public void Read(ref MessagePackReader reader, ref byte fields, ReadSession session, object? byReflection = null)
    {
        if (_gates is not null)
        {
            session.AddGates(_gates);
        }

        var count = isPositional ? reader.ReadArrayHeader() : reader.ReadMapHeader();
        for (var i = 0; i < count; i++)
        {
            if ((isPositional ? AtPlace(i) : Named(ref reader, i)) is not { } member)
            {
                session.Skip(ref reader);
            }
            else if (byReflection is null)
            {
                member.Read(ref reader, ref fields, session);
            }
            else
            {
                member.ReadByReflection(ref reader, byReflection, session);
            }
        }
    }

    private void WriteHeader(ref MessagePackWriter writer)
    {
        if (isPositional)
        {
            writer.WriteArrayHeader(members.Length);
        }
        else
        {
            writer.WriteMapHeader(members.Length);
        }
    }

    private Member? AtPlace(int place) => place < members.Length ? members[place] : null;

    private Member? Named(ref MessagePackReader reader, int expected)
    {
        if (expected < members.Length && reader.TryReadRaw(members[expected].Key))
        {
            return members[expected];
        }

        var name = StringCodec.Read(ref reader);
        _byName ??= members.ToDictionary(member => member.Name);
        return _byName.GetValueOrDefault(name);
    }

    private bool CountUse()
    {
        if (RuntimeFeature.IsDynamicCodeSupported && Interlocked.Increment(ref _uses) == UsesBeforeMeasuring)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static shape => shape.Measure(), this, preferLocal: false);
        }

        return false;
    }

    private void Measure()
    {
        try
        {
            var offsets = FieldOffsets.Measure(type, [.. members.Select(member => member.Field)]);
            for (var i = 0; i < offsets.Length; i++)
            {
                members[i].Offset = offsets[i];
            }

            _isMeasured = true;
        }
        catch (Exception e) when (e is TypeInitializationException or TypeLoadException or InvalidProgramException or MemberAccessException)
        {
            // Reflection works also where emitted code may not reach; it is only slower.
        }
    }
}
