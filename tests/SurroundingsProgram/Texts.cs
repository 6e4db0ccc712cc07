using System.Globalization;
using System.Resources;

namespace SurroundingsProgram;

public static class Texts
{
    private static readonly ResourceManager Manager = new("SurroundingsProgram.Texts", typeof(Texts).Assembly);

    public static string? Of(string name, string culture) => Manager.GetString(name, CultureInfo.GetCultureInfo(culture));

    public static string? InCurrentCulture(string name, string culture)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        return Manager.GetString(name, null);
    }
}
