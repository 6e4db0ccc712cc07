using FalServerless.Wire;

namespace FalServerless.Serialization.Types;

/// <summary>Reads the types of one message, as <see cref="TypeWriter"/> wrote them.</summary>
internal sealed class TypeReader(TypeNames names)
{
    private const int MaximumDepth = 32;
    private const int MaximumParts = 32;

    private List<(Type Type, int Depth)>? _read;

    public Type Read(ref MessagePackReader reader) => Read(ref reader, MaximumDepth).Type;

    // A type's depth is kept with it: through back references a short message could else build one of any depth.
    private (Type Type, int Depth) Read(ref MessagePackReader reader, int depthLeft)
    {
        if (depthLeft == 0)
        {
            throw new ProtocolException($"The message names a type that is nested deeper than {MaximumDepth}.");
        }

        if (reader.NextMessagePackType == MessagePackType.Integer)
        {
            var code = reader.ReadInt32();
            return code >= 0 ? (WellKnownTypes.FromCode(code), 1) : Earlier(-1L - code, depthLeft);
        }

        var entry =
            reader.NextMessagePackType == MessagePackType.Array
                ? ReadInParts(ref reader, depthLeft)
                : (names.Resolve(reader.ReadString() ?? throw new ProtocolException("A type is missing.")), 1);
        (_read ??= []).Add(entry);
        return entry;
    }

    private (Type Type, int Depth) Earlier(long index, int depthLeft)
    {
        if (_read is null || index >= _read.Count)
        {
            throw new ProtocolException($"The message refers to its type {index}, but has named {_read?.Count ?? 0} so far.");
        }

        var entry = _read[(int)index];
        return entry.Depth <= depthLeft
            ? entry
            : throw new ProtocolException($"The message names a type that is nested deeper than {MaximumDepth}.");
    }

    private (Type Type, int Depth) ReadInParts(ref MessagePackReader reader, int depthLeft)
    {
        var count = reader.ReadArrayHeader();
        if (count is < 2 or > MaximumParts)
        {
            throw new ProtocolException($"A type is written in 2 to {MaximumParts} parts, not {count}.");
        }

        try
        {
            return reader.TryReadNil() ? ReadArrayOrByRef(ref reader, count, depthLeft) : ReadConstructed(ref reader, count, depthLeft);
        }
        catch (Exception e) when (e is ArgumentException or TypeLoadException or NotSupportedException or InvalidOperationException)
        {
            throw new ProtocolException($"The message names a type that cannot be: {e.Message}", e);
        }
    }

    private (Type Type, int Depth) ReadArrayOrByRef(ref MessagePackReader reader, int count, int depthLeft)
    {
        var rank = count == 3 ? reader.ReadByte() : -1;
        var (element, depth) = Read(ref reader, depthLeft - 1);
        var type = (count, rank) switch
        {
            (2, _) => element.MakeByRefType(),
            (3, 0) => element.MakeArrayType(),
            (3, <= 32) => element.MakeArrayType(rank),
            _ => throw new ProtocolException($"No array type has {rank} dimensions in {count} parts."),
        };
        return (type, depth + 1);
    }

    private (Type Type, int Depth) ReadConstructed(ref MessagePackReader reader, int count, int depthLeft)
    {
        var definition = Read(ref reader, depthLeft - 1).Type;
        var arguments = new Type[count - 1];
        var deepest = 0;
        for (var i = 0; i < arguments.Length; i++)
        {
            (arguments[i], var depth) = Read(ref reader, depthLeft - 1);
            deepest = Math.Max(deepest, depth);
        }

        return definition.IsGenericTypeDefinition && definition.GetGenericArguments().Length == arguments.Length
            ? (definition.MakeGenericType(arguments), deepest + 1)
            : throw new ProtocolException($"The type '{definition}' does not take {arguments.Length} type arguments.");
    }
}
