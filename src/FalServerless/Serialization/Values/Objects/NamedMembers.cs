using System.Collections.Concurrent;
using System.Reflection;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The members of a class one by one, as a message names them: for a class that could not be sent whole, since a field of it is of a type
/// that has no form or is not here.
/// </summary>
internal sealed class NamedMembers(Type type, FormatterResolver formatters)
{
    private readonly Dictionary<string, FieldInfo> _fields = FieldNames
        .Of(ShapeBuilder.FieldsOf(type), type)
        .ToDictionary(pair => pair.Name, pair => pair.Field);
    private readonly ConcurrentDictionary<string, Member> _members = new();

    public void Read(ref MessagePackReader reader, object owner, ReadSession session)
    {
        var count = reader.ReadMapHeader();
        for (var i = 0; i < count; i++)
        {
            var name = StringCodec.Read(ref reader);
            if (_fields.TryGetValue(name, out var field))
            {
                _members.GetOrAdd(name, _ => ShapeBuilder.MemberFor(field, name, formatters)).ReadByReflection(ref reader, owner, session);
            }
            else
            {
                session.Skip(ref reader);
            }
        }
    }
}
