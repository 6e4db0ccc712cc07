using System.Reflection;
using System.Runtime.Serialization;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

// The interface is obsolete with the formatters that it was made for; a user's type that has it still counts on it.
#pragma warning disable SYSLIB0050

/// <summary>How a user's type that has a serialization contract of its own gives away and rebuilds the state of its objects.</summary>
internal sealed class SerializationContract
{
    private readonly Type _type;
    private readonly FormatterResolver _formatters;
    private readonly SerializationCallbacks? _callbacks;
    private readonly ConstructorInfo? _constructor;

    // Made at the first use, since a class may have a field of its own type.
    private ObjectShape? _shape;
    private SerializationInfoState? _info;

    private SerializationContract(Type type, SerializationCallbacks? callbacks, ConstructorInfo? constructor, FormatterResolver formatters)
    {
        _type = type;
        _callbacks = callbacks;
        _constructor = constructor;
        _formatters = formatters;
        IsReplaced = type.IsAssignableTo(typeof(IObjectReference));
    }

    /// <summary>Whether another object takes the place of the one that was read.</summary>
    public bool IsReplaced { get; }

    private ObjectShape Shape => _shape ??= ShapeBuilder.Build(_type, isPositional: false, _formatters, leavesOut: true);

    /// <summary>The contract of a type; null where it has none, and all its fields are its state.</summary>
    /// <exception cref="NotSendableException">The contract cannot be kept.</exception>
    public static SerializationContract? Find(Type type, FormatterResolver formatters)
    {
        var constructor = UserContract.ConstructorOf(type);
        var callbacks = SerializationCallbacks.Find(type, constructor is not null);
        return callbacks is null && constructor is null && !type.IsAssignableTo(typeof(IObjectReference))
            ? null
            : new(type, callbacks, constructor, formatters);
    }

    public void Write(ref MessagePackWriter writer, object value, WriteSession session)
    {
        if (IsReplaced)
        {
            // What takes its place is there only after its own parts: none of them may lead back to it.
            session.Begin(value);
        }

        _callbacks?.BeforeWriting(value);
        if (_constructor is null)
        {
            Shape.Write(ref writer, value, session);
        }
        else
        {
            (_info ??= new(_type, _constructor, _formatters)).Write(ref writer, value, session);
        }

        _callbacks?.AfterWriting(value);
        if (IsReplaced)
        {
            session.Finish();
        }
    }

    /// <summary>Reads into an object of which no constructor has run yet, and gives the one that replaces it.</summary>
    public object Read(ref MessagePackReader reader, object value, ReadSession session)
    {
        _callbacks?.BeforeReading(value);
        if (_constructor is null)
        {
            Shape.Read(ref reader, value, session);
        }
        else
        {
            (_info ??= new(_type, _constructor, _formatters)).Read(ref reader, value, session);
        }

        _callbacks?.AfterReading(value, session);
        return IsReplaced ? Real((IObjectReference)value) : value;
    }

    private object Real(IObjectReference reference)
    {
        object? real = null;
        UserContract.Reading(
            _type,
            nameof(IObjectReference.GetRealObject),
            () => real = reference.GetRealObject((StreamingContext)UserContract.Context)
        );
        return real
            ?? throw new ProtocolException($"The method '{nameof(IObjectReference.GetRealObject)}' of the type '{_type}' gave no object.");
    }
}
