using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FalServerless.Tool.Terminal;

/// <summary>Numbers on the command line, with errors in our words.</summary>
internal static class NumberOptions
{
    /// <param name="name">The option.</param>
    /// <param name="description">What it is; its default is added.</param>
    /// <param name="usual">The default.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    public static Option<int> Option(string name, string description, int usual, int least, int most = int.MaxValue) =>
        new(name)
        {
            Description = $"{description} ({usual}).",
            HelpName = "number",
            DefaultValueFactory = _ => usual,
            CustomParser = result => Read(result, name, least, most),
        };

    private static int Read(ArgumentResult result, string what, int least, int most)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{what} is '{text}'; it must be a number, {(most == int.MaxValue ? $"{least} at least" : $"{least} to {most}")}.");
        return 0;
    }
}
