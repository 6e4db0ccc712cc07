using System.Reflection;
using System.Runtime.Serialization;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

// Obsolete with the formatters that it was made for; the types that implement ISerializable still give and take nothing else.
#pragma warning disable SYSLIB0050

/// <summary>
/// The state that an <see cref="ISerializable"/> object gives and takes itself: a map of names to values that say their own types.
/// </summary>
internal sealed class SerializationInfoState(Type type, ConstructorInfo constructor, FormatterResolver formatters)
{
    private readonly ValueFormatter<object?> _values = formatters.For<object?>();

    public void Write(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var info = NewInfo();
        UserContract.Writing(
            type,
            nameof(ISerializable.GetObjectData),
            () => ((ISerializable)value).GetObjectData(info, (StreamingContext)UserContract.Context)
        );
        if (info.ObjectType != type || info.IsFullTypeNameSetExplicit || info.IsAssemblyNameSetExplicit)
        {
            throw new NotSendableException(
                type,
                $"its {nameof(ISerializable.GetObjectData)} names another type "
                    + $"({nameof(SerializationInfo)}.{nameof(SerializationInfo.SetType)}), which no worker takes",
                $"Let the type itself implement {nameof(IObjectReference)}, or pass the data that the object was made from"
            );
        }

        writer.WriteMapHeader(info.MemberCount);
        foreach (var entry in info)
        {
            StringCodec.Write(ref writer, entry.Name);
            try
            {
                _values.Write(ref writer, entry.Value, session);
            }
            catch (NotSendableException e) when (e.Within(entry.Name))
            {
                throw;
            }
        }
    }

    public void Read(ref MessagePackReader reader, object value, ReadSession session)
    {
        var info = NewInfo();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var name = StringCodec.Read(ref reader);
            var item = _values.Read(ref reader, session);
            try
            {
                info.AddValue(name, item, item?.GetType() ?? typeof(object));
            }
            catch (SerializationException e)
            {
                throw new ProtocolException($"The message gives '{name}' of a '{type}' twice.", e);
            }
        }

        UserContract.Reading(
            type,
            ".ctor",
            () => constructor.Invoke(value, BindingFlags.DoNotWrapExceptions, null, [info, UserContract.Context], null)
        );
    }

    private SerializationInfo NewInfo() => new(type, new FormatterConverter());
}
