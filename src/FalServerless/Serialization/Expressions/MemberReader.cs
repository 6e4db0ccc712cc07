using System.Reflection;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Expressions;

/// <summary>Reads the members of one message, as <see cref="MemberWriter"/> wrote them.</summary>
internal sealed class MemberReader(TypeReader types, TypeNames names)
{
    private const int MaximumTypes = 1024;

    private List<MemberInfo>? _read;

    public T Read<T>(ref MessagePackReader reader)
        where T : MemberInfo
    {
        if (reader.NextMessagePackType == MessagePackType.Integer)
        {
            var index = reader.ReadUInt32();
            return index < (_read?.Count ?? 0) && _read![(int)index] is T earlier
                ? earlier
                : throw new ProtocolException($"The message refers to its member {index} as a {typeof(T).Name}, which it is not.");
        }

        var kind =
            typeof(T) == typeof(MethodInfo) ? MemberTypes.Method
            : typeof(T) == typeof(FieldInfo) ? MemberTypes.Field
            : typeof(T) == typeof(PropertyInfo) ? MemberTypes.Property
            : MemberTypes.Constructor;
        var member = (T)MemberLookup.Resolve(ReadSpelling(ref reader, kind), names);
        (_read ??= []).Add(member);
        return member;
    }

    private MemberSpelling ReadSpelling(ref MessagePackReader reader, MemberTypes kind)
    {
        var count = reader.ReadArrayHeader();
        if (count is < 2 or > 6)
        {
            throw new ProtocolException($"A member is written in 2 to 6 parts, not {count}.");
        }

        var declaring = types.Read(ref reader);
        var name = reader.ReadString();
        if (name is null != (kind == MemberTypes.Constructor))
        {
            throw new ProtocolException("A constructor has no name, and every other member has one.");
        }

        var parameters = count > 2 ? ReadTypes(ref reader) : null;
        var (arity, arguments) = count > 3 ? ReadArguments(ref reader, kind) : default;
        var result = count > 4 && !reader.TryReadNil() ? types.Read(ref reader) : null;
        var text = count > 5 ? reader.ReadString() : null;
        return new(kind, declaring, name, arity, arguments, parameters, result, text);
    }

    private (int Arity, Type[]? Arguments) ReadArguments(ref MessagePackReader reader, MemberTypes kind)
    {
        var (arity, arguments) = (0, (Type[]?)null);
        if (reader.NextMessagePackType == MessagePackType.Integer)
        {
            arity = reader.ReadUInt16();
        }
        else
        {
            arguments = ReadTypes(ref reader);
            arity = arguments?.Length ?? 0;
        }

        return arity == 0 || kind == MemberTypes.Method
            ? (arity, arity == 0 ? null : arguments)
            : throw new ProtocolException("Only methods have type arguments.");
    }

    private Type[]? ReadTypes(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        var count = reader.ReadArrayHeader();
        if (count > MaximumTypes)
        {
            throw new ProtocolException($"A member has at most {MaximumTypes} parameters, not {count}.");
        }

        var all = new Type[count];
        for (var i = 0; i < count; i++)
        {
            all[i] = types.Read(ref reader);
        }

        return all;
    }
}
