using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>What writing one message must remember: the objects and types it has written, and how deep it is.</summary>
internal sealed class WriteSession
{
    [ThreadStatic]
    private static WriteSession? _spare;

    private readonly ReferenceTable _references = new();
    private FormatterResolver _formatters = null!;
    private TypeWriter? _types;
    private List<object>? _unfinished;
    private List<StaticGates>? _gates;
    private ClosureFieldUsage _use = ClosureFieldUsage.All;
    private PartialObject? _partial;
    private bool _hasClosures;
    private int _depth;

    private TypeWriter Types => _types ??= new(Limits.IsOnlyCompared ? null : Names);

    public ValueLimits Limits { get; private set; } = null!;

    /// <summary>What the other side resolves names in.</summary>
    public TypeNames Names { get; private set; } = null!;

    /// <summary>
    /// The code that has turned out to use more of a closure than was written: the message is to be written again, with this.
    /// </summary>
    public ClosureFieldUsage? Grown { get; private set; }

    /// <summary>
    /// Whether an object of which some fields were written is used by more than the code that uses no other: the message is to be written
    /// again, with all.
    /// </summary>
    public bool NeedsWholeObject { get; private set; }

    /// <summary>Whether the values are nested too deep for the limit or the stack.</summary>
    public bool IsTooDeep { get; private set; }

    /// <summary>The items of the sequences that have been run. When the message is written again, they are not run again.</summary>
    public Dictionary<object, object>? Sequences { get; private set; }

    public static WriteSession Rent(
        FormatterResolver formatters,
        TypeNames names,
        ValueLimits limits,
        ClosureFieldUsage use,
        Dictionary<object, object>? sequences = null,
        PartialObject? partial = null
    )
    {
        var session = _spare ?? new();
        _spare = null;
        session._formatters = formatters;
        session._use = use;
        session._partial = partial;
        session.Names = names;
        session.Limits = limits;
        session.Sequences = sequences;
        return session;
    }

    public void Return()
    {
        _references.Clear();
        _unfinished?.Clear();
        _gates?.Clear();
        _depth = 0;
        _hasClosures = false;
        _use = ClosureFieldUsage.All;
        _partial = null;
        NeedsWholeObject = false;
        Grown = null;
        IsTooDeep = false;
        Sequences = null;
        _types = null;
        _spare = this;
    }

    /// <summary>The code whose fields of a closure go into the message.</summary>
    public ClosureFieldUsage BeginClosure()
    {
        _hasClosures = true;
        return _use;
    }

    /// <summary>Adds the code of a method that is sent in this message.</summary>
    public void UseCode(MethodInfo method)
    {
        var use = _use.With(method);
        if (use != _use)
        {
            _use = use;
            Grown = _hasClosures ? use : Grown;
        }
    }

    /// <summary>Adds the gates of a type that the message has a value of.</summary>
    public void AddGates(StaticGates gates)
    {
        if (_gates?.Contains(gates) != true)
        {
            (_gates ??= []).Add(gates);
        }
    }

    /// <summary>The static field that holds a gate; null where none is known to.</summary>
    public FieldInfo? FieldOfGate(object gate) => _gates?.Select(gates => gates.FieldOf(gate)).FirstOrDefault(field => field is not null);

    /// <summary>The fields to write of an object; null for all.</summary>
    public FieldSet? FieldsOf(object value) => _partial is { } partial && ReferenceEquals(partial.Value, value) ? partial.Fields : null;

    /// <summary>Has all fields of an object written.</summary>
    public void WriteWhole(object value) => _partial = FieldsOf(value) is null ? _partial : null;

    /// <summary>The items of a lazy sequence, which is run once.</summary>
    public List<T> Run<T>(IEnumerable<T> sequence)
    {
        if (Sequences is not null && Sequences.TryGetValue(sequence, out var known))
        {
            return (List<T>)known;
        }

        var items = SequenceItems.Of(sequence, Limits);
        (Sequences ??= new(ReferenceEqualityComparer.Instance)).Add(sequence, items);
        return items;
    }

    /// <summary>Opens a nested value, or refuses it where it is too deep for the reader's stack.</summary>
    public void Enter(object value)
    {
        if (++_depth > Limits.MaximumDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            IsTooDeep = true;
            throw new NotSendableException(
                value.GetType(),
                _depth > Limits.MaximumDepth
                    ? $"it is nested deeper than {Limits.MaximumDepth:N0} values, which is the limit"
                    : $"it is nested {_depth:N0} values deep, more than the stack has room for",
                "Make the graph flatter (a List in place of a chain of objects), or cut the way by which it contains itself again and again"
            );
        }
    }

    public void Leave() => _depth--;

    /// <summary>Writes a reference for an object that this message holds already; else the object is known from here on.</summary>
    public bool TryWriteReference(ref MessagePackWriter writer, object value)
    {
        var position = _references.GetOrAdd(value, writer.Written);
        if (position < 0)
        {
            return false;
        }

        NeedsWholeObject |= _partial?.Concerns(value) ?? false;
        if (IsUnfinished(value))
        {
            throw new NotSendableException(
                value.GetType(),
                "it contains itself, but can be built only once all of its items are there",
                "Break the cycle, or use a collection that is filled after it was made (List<T>, Dictionary<TKey, TValue>)"
            );
        }

        WriteReference(ref writer, position);
        return true;
    }

    /// <summary>Marks an object that its reader can build only from its finished parts, until <see cref="Finish"/>.</summary>
    public void Begin(object value) => (_unfinished ??= []).Add(value);

    public void Finish() => _unfinished!.RemoveAt(_unfinished.Count - 1);

    /// <summary>Writes a type that the message names.</summary>
    /// <exception cref="NotSendableException">The other side could not find it.</exception>
    public void WriteType(ref MessagePackWriter writer, Type type)
    {
        try
        {
            Types.Write(ref writer, type);
        }
        catch (UnnamedTypeException e)
        {
            throw new NotSendableException(type, e.Type == type ? e.Reason : $"it is made of '{e.Type}', and {e.Reason}", e.Suggestion);
        }
    }

    /// <summary>
    /// Writes a value whose runtime type is not the one that its slot expects; a body of the expected type, if there is one, needs no name.
    /// </summary>
    public void WriteOther(ref MessagePackWriter writer, object value, Type declared, Type? expected)
    {
        var formatter = _formatters.ForRuntime(value.GetType(), Limits);
        if (value is Exception && !formatter.Type.IsAssignableTo(declared))
        {
            formatter = _formatters.For(value.GetType());
        }

        if (
            formatter is ILazySequenceFormatter { GivesList: true }
            && RuntimeTypes.IsOwnType(value.GetType())
            && !RuntimeTypes.IsSequenceSlot(declared)
        )
        {
            throw Refusals.UnknownFrameworkType(value.GetType()).For(value.GetType());
        }

        if (formatter.IsTracked && TryWriteReference(ref writer, value))
        {
            return;
        }

        Enter(value);
        if (formatter.Type == expected)
        {
            formatter.WriteBody(ref writer, value, this);
        }
        else
        {
            WriteTypedHeader(ref writer, formatter.Type, declared, value);
            formatter.WriteBody(ref writer, value, this);
        }

        Leave();
    }

    private bool IsUnfinished(object value)
    {
        foreach (var open in _unfinished ?? [])
        {
            if (ReferenceEquals(open, value))
            {
                return true;
            }
        }

        return false;
    }

    private static void WriteReference(ref MessagePackWriter writer, long position)
    {
        var size = position switch
        {
            <= byte.MaxValue => 1,
            <= ushort.MaxValue => 2,
            <= uint.MaxValue => 4,
            _ => 8,
        };
        writer.WriteExtensionFormatHeader(new(ExtensionCodes.Reference, (uint)size));
        var data = writer.GetSpan(size);
        for (var i = 0; i < size; i++)
        {
            data[i] = (byte)(position >> (8 * (size - 1 - i)));
        }

        writer.Advance(size);
    }

    private void WriteTypedHeader(ref MessagePackWriter writer, Type type, Type declared, object value)
    {
        if (!type.IsAssignableTo(declared))
        {
            throw new NotSendableException(
                value.GetType(),
                $"it would be sent as a '{type}', which its slot of type '{declared}' does not take",
                $"Declare the slot as '{type}' or one of its interfaces"
            );
        }

        writer.WriteRaw(Markers.Typed);
        WriteType(ref writer, type);
    }
}
