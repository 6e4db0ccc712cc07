using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace FalServerless.Tests.Shared.Values;

/// <summary>
/// A value as text, by what anyone can see of it: its type, its text, its public properties and its items, a few levels deep.
/// </summary>
internal static class Describing
{
    private const int Levels = 3;
    private const int Longest = 60_000;

    public static string Describe(object? value)
    {
        var text = new StringBuilder();
        Describe(text, value, Levels);
        return text.ToString();
    }

    // What the framework hides behind a public class is its own business.
    private static Type Visible(Type type) =>
        type.Namespace!.StartsWith("System", StringComparison.Ordinal)
        && !type.IsVisible
        && type.BaseType is { } level
        && level != typeof(object)
            ? Visible(level)
            : type;

    private static void Describe(StringBuilder text, object? value, int levels)
    {
        text.Append(value is null ? "null" : Visible(value.GetType()).ToString());
        if (value is null || text.Length > Longest)
        {
            return;
        }

        if (value is FileSystemInfo or DriveInfo)
        {
            // What is on the disk changes by itself.
            text.Append(value is FileSystemInfo { FullName: var path } ? path : value);
            return;
        }

        text.Append('(')
            .Append(
                value is IFormattable formattable and not Enum
                    ? formattable.ToString(null, CultureInfo.InvariantCulture)
                    : value.ToString()!.Replace(value.GetType().ToString(), "")
            )
            .Append(')');
        if (
            levels == 0
            || value is string
            || value.GetType().IsPrimitive
            || value.GetType().IsEnum
            || value is Type or DateTime or decimal or Delegate
        )
        {
            return;
        }

        text.Append('{');
        foreach (
            var property in value
                .GetType()
                .GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .OrderBy(property => property.Name, StringComparer.Ordinal)
        )
        {
            if (
                property.GetIndexParameters().Length == 0
                && property.CanRead
                && !property.PropertyType.IsByRefLike
                && property.Name is not ("SyncRoot" or "TimeStamp" or "Target" or "HashCode")
            )
            {
                text.Append(property.Name).Append('=');
                try
                {
                    Describe(text, property.GetValue(value), levels - 1);
                }
                catch (TargetInvocationException e)
                {
                    text.Append(e.InnerException!.GetType().Name);
                }

                text.Append(';');
            }
        }

        if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Describe(text.Append(','), item, levels - 1);
            }
        }

        text.Append('}');
    }
}
