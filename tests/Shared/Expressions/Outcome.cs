using System.Collections;
using System.Globalization;
using System.Reflection;

namespace FalServerless.Tests.Shared.Expressions;

/// <summary>What a call gave, in a text that is equal where the values are: the same in every process.</summary>
internal sealed record Outcome(string Text)
{
    public static Outcome Of(Func<object?> call)
    {
        try
        {
            return new(Show(call(), depth: 8));
        }
        catch (Exception e)
        {
            return Thrown(e);
        }
    }

    public static async Task<Outcome> OfAsync(Func<Task<object?>> call)
    {
        try
        {
            return new(Show(await call(), depth: 8));
        }
        catch (Exception e) when (e is not FalServerlessException)
        {
            return Thrown(e);
        }
    }

    public override string ToString() => Text;

    private static Outcome Thrown(Exception e) => new($"throws {e.GetType()}: {e.Message}");

    private static string Show(object? value, int depth)
    {
        if (value is null || depth == 0)
        {
            return value is null ? "null" : "…";
        }

        var type = value.GetType();
        return value switch
        {
            string text => $"\"{string.Concat(text.Select(c => char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()))}\"",
            double number => $"{BitConverter.DoubleToInt64Bits(number):x} {type}",
            float number => $"{BitConverter.SingleToInt32Bits(number):x} {type}",
            DateTime time => $"{time:O} {time.Kind}",
            Type named => $"type {named}",
            MemberInfo member => $"member {member}",
            Delegate => $"delegate {type}",
            IFormattable when type.IsPrimitive || type.IsEnum || type.Namespace is "System" or "System.Numerics" =>
                $"{Invariant(value)} {type}",
            Uri or Version or CultureInfo or bool or char => $"{value} {type}",
            IDictionary map => "{"
                + string.Join(", ", map.Cast<DictionaryEntry>().Select(e => $"{Show(e.Key, depth - 1)}: {Show(e.Value, depth - 1)}"))
                + "}",
            Array { Rank: > 1 } array =>
                $"[{string.Join("x", Enumerable.Range(0, array.Rank).Select(array.GetLength))}: {Items(array, depth)}]",
            IEnumerable items => $"{Key(value, depth)}[{Items(items, depth)}]",
            _ => $"{type.Name.Split('`')[0]} {{ {Members(value, type, depth)} }}",
        };
    }

    private static string Invariant(object value) => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);

    private static string Items(IEnumerable items, int depth) =>
        string.Join(", ", items.Cast<object?>().Select(item => Show(item, depth - 1)));

    private static string Key(object value, int depth) =>
        value
            .GetType()
            .GetInterfaces()
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IGrouping<,>))
            is { } grouping
            ? $"{Show(grouping.GetProperty("Key")!.GetValue(value), depth - 1)}: "
            : "";

    private static string Members(object value, Type type, int depth)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        return string.Join(", ", type.GetFields(All).Select(field => $"{field.Name}: {Show(field.GetValue(value), depth - 1)}"));
    }
}
