using System.Globalization;

namespace FalServerless.Internal;

/// <summary>Counts in messages.</summary>
internal static class Plural
{
    /// <summary><c>1 file</c>, <c>2 files</c>, <c>3 entries</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one.</param>
    public static string Of(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : Word(one))}");

    private static string Word(string one) => one.EndsWith('y') && !"aeiou".Contains(one[^2]) ? $"{one[..^1]}ies" : $"{one}s";
}
