using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>Finds the members of a type: every instance field, or what its data contract names.</summary>
internal static class ShapeBuilder
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int MaximumOrder = 1024;

    /// <summary>The shape of a type, without the fields of a base class whose state is written in another way.</summary>
    public static ObjectShape Build(Type type, bool isPositional, FormatterResolver formatters, Type? below = null)
    {
        var fields = FieldsOf(type, below);
        if (!isPositional && type.IsDefined(typeof(DataContractAttribute), inherit: false))
        {
            return DataContract.Build(type, fields, formatters);
        }

        var names = FieldNames.Of(fields.Where(field => !IsIgnored(field)), type);
        return new(type, [.. names.Select(pair => MemberFor(pair.Field, pair.Name, formatters))], isPositional);
    }

    public static Member MemberFor(FieldInfo field, string name, FormatterResolver formatters)
    {
        try
        {
            return formatters.For(field.FieldType).MemberFor(field, name);
        }
        catch (CannotTravelException e) when (e.Within(name))
        {
            throw;
        }
    }

    // Base classes first, each in the order of its source.
    private static List<FieldInfo> FieldsOf(Type type, Type? below)
    {
        var fields = new List<FieldInfo>();
        for (var level = type; level is not null && level != below && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            var declared = level.GetFields(Declared);
            if (declared.Length > 0 && level != type && FrameworkTypes.Contains(level))
            {
                throw new CannotTravelException(
                    type, $"it is derived from '{level}', whose own state is the framework's", "Hold the data in fields of your own, without that base class");
            }

            ThrowIfLaidOutByHand(type, level, declared);
            Array.Sort(declared, static (x, y) => x.MetadataToken.CompareTo(y.MetadataToken));
            fields.InsertRange(0, declared);
        }

        return fields;
    }

    // One declared field stands for many here: writing it alone would lose the rest without a word.
    private static void ThrowIfLaidOutByHand(Type type, Type level, FieldInfo[] fields)
    {
        if (level.IsDefined(typeof(InlineArrayAttribute), inherit: false) || Array.Exists(fields, field => field.IsDefined(typeof(FixedBufferAttribute), inherit: false)))
        {
            throw new CannotTravelException(type, "it holds a buffer of fixed size inside itself", "Use an array");
        }
    }

    private static bool IsIgnored(FieldInfo field) =>
        field.IsDefined(typeof(NonSerializedAttribute), inherit: false)
            || field.IsDefined(typeof(IgnoreDataMemberAttribute), inherit: false)
            || (FieldNames.PropertyOf(field)?.IsDefined(typeof(IgnoreDataMemberAttribute), inherit: false) ?? false);

    private static class DataContract
    {
        public static ObjectShape Build(Type type, List<FieldInfo> fields, FormatterResolver formatters)
        {
            var members = new List<(FieldInfo Field, DataMemberAttribute Attribute, string Name)>();
            foreach (var field in fields)
            {
                if ((field.GetCustomAttribute<DataMemberAttribute>() ?? FieldNames.PropertyOf(field)?.GetCustomAttribute<DataMemberAttribute>()) is { } attribute)
                {
                    members.Add((field, attribute, attribute.Name ?? FieldNames.Plain(field)));
                }
            }

            ThrowIfComputed(type);
            ThrowIfClashing(type, members.Select(member => member.Name));
            return members.Count > 0 && members.TrueForAll(member => member.Attribute.Order >= 0)
                ? ByOrder(type, members, formatters)
                : new(type, [.. members.Select(member => MemberFor(member.Field, member.Name, formatters))], isPositional: false);
        }

        private static ObjectShape ByOrder(Type type, List<(FieldInfo Field, DataMemberAttribute Attribute, string Name)> members, FormatterResolver formatters)
        {
            var highest = members.Max(member => member.Attribute.Order);
            if (highest > MaximumOrder)
            {
                throw new CannotTravelException(type, $"the order {highest} of a member would need an array of that length", $"Number the members from 0 to at most {MaximumOrder}");
            }

            var places = new Member?[highest + 1];
            ThrowIfClashing(type, members.Select(member => $"Order = {member.Attribute.Order}"));
            foreach (var (field, attribute, name) in members)
            {
                places[attribute.Order] = MemberFor(field, name, formatters);
            }

            return new(type, places, isPositional: true);
        }

        private static void ThrowIfClashing(Type type, IEnumerable<string> marks)
        {
            if (marks.GroupBy(mark => mark).FirstOrDefault(group => group.Count() > 1) is { } clash)
            {
                throw new CannotTravelException(type, $"two of its data members have '{clash.Key}'", "Give each its own");
            }
        }

        private static void ThrowIfComputed(Type type)
        {
            for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
            {
                foreach (var property in level.GetProperties(Declared))
                {
                    if (property.IsDefined(typeof(DataMemberAttribute), inherit: false) && FieldNames.BackingFieldOf(property) is null)
                    {
                        throw new CannotTravelException(
                            type, $"its data member '{property.Name}' is a property with code of its own, which does not run while values travel", "Put [DataMember] on its field");
                    }
                }
            }
        }
    }
}
