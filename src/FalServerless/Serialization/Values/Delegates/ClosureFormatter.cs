using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Methods;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// An object that a compiler made to hold the captured variables of a scope: a map of those fields alone that the sent code uses.
/// The others are not even looked at, as their types may not be here; at the reader they keep their defaults.
/// </summary>
internal sealed class ClosureFormatter<T>(FormatterResolver formatters) : ReferenceFormatter<T>
    where T : class
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly StaticGates? _gates = StaticGates.Find(typeof(T));
    private readonly ConcurrentDictionary<string, Member?> _byName = new();
    private readonly ConditionalWeakTable<ClosureFieldUsage, Member[]> _byUse = [];

    // What the last message held is what the next one will hold, nearly always.
    private Member?[] _expected = [];

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        if (_gates is not null)
        {
            session.AddGates(_gates);
        }

        var members = _byUse.GetValue(session.BeginClosure(), UsedMembers);
        writer.WriteMapHeader(members.Length);
        foreach (var member in members)
        {
            try
            {
                writer.WriteRaw(member.Key);
                member.WriteByReflection(ref writer, value, session);
            }
            catch (NotSendableException e) when (e.Within(StepTo(member.Field)))
            {
                throw;
            }
        }
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var value = RuntimeHelpers.GetUninitializedObject(typeof(T));
        session.Set(slot, value);
        if (_gates is not null)
        {
            session.AddGates(_gates);
        }

        var count = reader.ReadMapHeader();
        var expected = _expected;
        for (var i = 0; i < count; i++)
        {
            var member = i < expected.Length && expected[i] is { } next && reader.TryReadRaw(next.Key) ? next : Named(ref reader, i);
            if (member is null)
            {
                session.Skip(ref reader);
            }
            else
            {
                member.ReadByReflection(ref reader, value, session);
            }
        }

        return value;
    }

    private Member[] UsedMembers(ClosureFieldUsage use) =>
        [
            .. typeof(T)
                .GetFields(Fields)
                .Where(use.Includes)
                .OrderBy(field => field.MetadataToken)
                .Select(field => _byName.GetOrAdd(field.Name, Make(field))!),
        ];

    private Member? Named(ref MessagePackReader reader, int place)
    {
        var name = StringCodec.Read(ref reader);
        if (!_byName.TryGetValue(name, out var member))
        {
            // Names that no field has are not kept: a message could bring any number of them.
            if (typeof(T).GetField(name, Fields) is not { } field)
            {
                return null;
            }

            member = _byName.GetOrAdd(name, Make(field));
        }

        var expected = _expected;
        if (place == expected.Length)
        {
            _expected = [.. expected, member];
        }
        else if (place < expected.Length)
        {
            expected[place] = member;
        }

        return member;
    }

    private Member Make(FieldInfo field)
    {
        try
        {
            return formatters.For(field.FieldType).MemberFor(field, field.Name);
        }
        catch (NotSendableException e) when (e.Within(StepTo(field)))
        {
            throw;
        }
    }

    // As the source has it: the variables of an outer scope are in an object of their own, which has no name there.
    private static string StepTo(FieldInfo field) => ClosureNames.IsClosure(field.FieldType) ? "" : ClosureNames.Variable(field);
}
