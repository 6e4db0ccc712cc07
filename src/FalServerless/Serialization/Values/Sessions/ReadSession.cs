using System.Runtime.CompilerServices;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>What reading one message must remember: the objects and types it has read, and what the message may still claim.</summary>
internal sealed class ReadSession
{
    private const int UncheckedBytes = 64 * 1024;
    private const int KeptCapacity = 4096;

    [ThreadStatic]
    private static ReadSession? _spare;

    private FormatterResolver _formatters = null!;
    private TypeReader? _types;
    private AwaitedObject? _awaited;
    private List<Action>? _atTheEnd;
    private List<StaticGates>? _gates;
    private List<(int Slot, bool IsReferredTo)>? _watched;
    private (long Position, object? Value)[] _objects = new (long, object?)[16];
    private int _count;
    private long _itemsLeft;
    private long _walkedUpTo;

    public TypeReader Types => _types ??= new(Names);

    public TypeNames Names { get; private set; } = null!;

    public ValueLimits Limits { get; private set; } = null!;

    /// <summary>Whether the message is nested too deep for the limit or the stack.</summary>
    public bool IsTooDeep { get; private set; }

    public static ReadSession Rent(FormatterResolver formatters, TypeNames names, ValueLimits limits, long messageLength)
    {
        var session = _spare ?? new();
        _spare = null;
        session._formatters = formatters;
        session.Names = names;
        session.Limits = limits;
        session._itemsLeft = messageLength;
        return session;
    }

    public void Return()
    {
        Array.Clear(_objects, 0, _count);
        if (_objects.Length > KeptCapacity)
        {
            _objects = new (long, object?)[16];
        }

        _count = 0;
        _walkedUpTo = 0;
        _types = null;
        _awaited = null;
        _atTheEnd = null;
        _watched?.Clear();
        _gates?.Clear();
        IsTooDeep = false;
        _spare = this;
    }

    public void Enter(ref MessagePackReader reader)
    {
        IsTooDeep |= reader.Depth >= Limits.MaximumDepth;
        reader.EnterNested(Limits.MaximumDepth);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            IsTooDeep = true;
            throw new ProtocolException($"The message is nested {reader.Depth} values deep, more than the stack of this thread can hold.");
        }
    }

    public void Leave(ref MessagePackReader reader) => reader.LeaveNested();

    /// <summary>
    /// Allows a collection to be made for a count that a header claims. Every item takes a byte of its own, so that all counts of a message
    /// together cannot exceed its length, however they are nested; and before much is allocated, the items are walked over to see them
    /// there.
    /// </summary>
    public int Claim(ref MessagePackReader reader, int count, int bytesPerItem)
    {
        if (count > _itemsLeft || count > Limits.MaximumItems)
        {
            throw new ProtocolException($"The collection at byte {reader.Consumed} claims {count} items, more than the message can hold.");
        }

        _itemsLeft -= count;
        if ((long)count * bytesPerItem > UncheckedBytes && reader.Consumed >= _walkedUpTo)
        {
            WalkOver(reader, count);
        }

        return count;
    }

    /// <summary>A place for the object whose slot begins at this position.</summary>
    public int Reserve(long position)
    {
        if (_count == _objects.Length)
        {
            Array.Resize(ref _objects, _count * 2);
        }

        _objects[_count] = (position, null);
        return _count++;
    }

    /// <summary>Makes an object known; one that holds others does so before it reads them, for they may refer to it.</summary>
    public void Set(int slot, object value)
    {
        if (slot >= 0)
        {
            _objects[slot].Value = value;
            if (_awaited is { } awaited && awaited.Slot == slot)
            {
                Arrived(awaited, value);
            }
        }
    }

    /// <summary>
    /// Makes an object out of the one that is read next, as soon as that exists: whatever the latter holds may refer to both.
    /// To be ended by <see cref="Awaited"/>.
    /// </summary>
    /// <param name="slot">The place of the object that is made.</param>
    /// <param name="make">Makes it.</param>
    public AwaitedObject Await(int slot, Func<object?, object> make) => _awaited = new(_count, slot, make, _awaited);

    /// <summary>The object that was made.</summary>
    public object Awaited(AwaitedObject awaited, object? read)
    {
        if (awaited.Made is null)
        {
            Arrived(awaited, read);
        }

        return awaited.Made!;
    }

    /// <summary>Has something done once the whole message is read.</summary>
    public void AtTheEnd(Action action) => (_atTheEnd ??= []).Add(action);

    /// <summary>Does what was to be done once the whole message is read.</summary>
    public void End() => _atTheEnd?.ForEach(static action => action());

    /// <summary>Adds the gates of a type that the message has a value of: it may name no others.</summary>
    public void AddGates(StaticGates gates)
    {
        if (_gates?.Contains(gates) != true)
        {
            (_gates ??= []).Add(gates);
        }
    }

    /// <summary>The gate that a message names by its static field.</summary>
    public object Gate(Type declaring, string name) =>
        _gates?.Select(gates => gates.Get(declaring, name)).FirstOrDefault(gate => gate is not null)
        ?? throw new ProtocolException($"The static field '{declaring}.{name}' holds no object that the message may name.");

    /// <summary>Notes whether the message refers to an object, until <see cref="EndWatch"/>.</summary>
    public void Watch(int slot) => (_watched ??= []).Add((slot, false));

    public bool EndWatch()
    {
        var isReferredTo = _watched![^1].IsReferredTo;
        _watched.RemoveAt(_watched.Count - 1);
        return isReferredTo;
    }

    public bool TryReadReference<T>(ref MessagePackReader reader, out T? value)
        where T : class
    {
        value = null;
        if (!IsExtension(reader.NextCode))
        {
            return false;
        }

        var ahead = reader;
        var header = ahead.ReadExtensionFormatHeader();
        if (header.TypeCode != ExtensionCodes.Reference)
        {
            return false;
        }

        reader = ahead;
        value =
            Earlier(ReadPosition(ref reader, header.Length)) as T
            ?? throw new ProtocolException($"The reference at byte {reader.Consumed} leads to an object that is no '{typeof(T)}'.");
        return true;
    }

    public bool IsTyped(ref MessagePackReader reader) => reader.NextCode == Markers.Typed[0] && reader.IsNext(Markers.Typed);

    public T ReadTyped<T>(ref MessagePackReader reader)
        where T : class
    {
        var start = reader.Consumed;
        reader.TryReadRaw(Markers.Typed);
        var type = Types.Read(ref reader);
        if (!type.IsAssignableTo(typeof(T)))
        {
            throw new ProtocolException($"The message puts a value of type '{type}' into a slot of type '{typeof(T)}'.");
        }

        var formatter = _formatters.ForNamed(type);
        if (!formatter.CanBeNamed || formatter.Type != type)
        {
            throw new ProtocolException($"The message names '{type}' as the type of a value, but no value of it can be sent.");
        }

        var slot = formatter.IsTracked ? Reserve(start) : -1;
        Enter(ref reader);
        var value = (T)formatter.ReadBody(ref reader, this, slot);
        Leave(ref reader);
        Set(slot, value);
        return value;
    }

    /// <summary>Walks over a value that is not needed here, but keeps the types it names: later ones may refer to them.</summary>
    public void Skip(ref MessagePackReader reader)
    {
        for (long open = 1; open > 0; open--)
        {
            if (reader.TryReadRaw(Markers.Typed))
            {
                Types.Read(ref reader);
                open++;
            }
            else if (reader.TryReadRaw(Markers.Instance))
            {
                Types.Read(ref reader);
                open += 2;
            }
            else if (reader.TryReadRaw(Markers.Type))
            {
                Types.Read(ref reader);
            }
            else if (reader.NextMessagePackType == MessagePackType.Array)
            {
                open += reader.ReadArrayHeader();
            }
            else if (reader.NextMessagePackType == MessagePackType.Map)
            {
                open += 2L * reader.ReadMapHeader();
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void Arrived(AwaitedObject awaited, object? value)
    {
        _awaited = awaited.Outer;
        awaited.Made = awaited.Make(value);
        Set(awaited.MadeSlot, awaited.Made);
    }

    private static bool IsExtension(byte code) =>
        code is (>= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16) or (>= MessagePackCode.Ext8 and <= MessagePackCode.Ext32);

    private static long ReadPosition(ref MessagePackReader reader, uint size)
    {
        if (size > 8)
        {
            throw new ProtocolException($"A reference takes at most 8 bytes, not {size}.");
        }

        long position = 0;
        foreach (var segment in reader.ReadRaw(size))
        {
            foreach (var digit in segment.Span)
            {
                position = (position << 8) | digit;
            }
        }

        return position;
    }

    private object Earlier(long position)
    {
        var (low, high) = (0, _count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var entry = _objects[middle];
            if (entry.Position == position)
            {
                for (var i = 0; i < _watched?.Count; i++)
                {
                    _watched[i] = (_watched[i].Slot, _watched[i].IsReferredTo || _watched[i].Slot == middle);
                }

                return entry.Value
                    ?? throw new ProtocolException($"The message refers to the object at byte {position}, which is still being read.");
            }

            (low, high) = entry.Position < position ? (middle + 1, high) : (low, middle - 1);
        }

        throw new ProtocolException($"The message refers to an object at byte {position}, where none was read.");
    }

    private void WalkOver(MessagePackReader ahead, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ahead.Skip();
        }

        _walkedUpTo = ahead.Consumed;
    }
}
