using System.Globalization;

namespace FalServerless.Serialization.Cultures;

/// <summary>
/// Whether this process has the data of cultures. Without it, .NET refuses their names, or takes the invariant culture's data for them
/// without a word.
/// </summary>
internal static class KnownCultures
{
    private const string WithComma = "de-DE";

    private static readonly Lazy<bool> Found = new(static () =>
    {
        try
        {
            return CultureInfo.GetCultureInfo(WithComma).NumberFormat.NumberDecimalSeparator == ",";
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    });

    public static bool Has => Found.Value;
}
