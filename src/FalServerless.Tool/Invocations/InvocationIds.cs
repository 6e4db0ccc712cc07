using System.CommandLine;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Invocations;

/// <summary>The id of a detached call on the command line.</summary>
internal static class InvocationIds
{
    private const int ShortLength = 12;
    private const int LeastLength = 4;
    private const int WholeLength = 32;
    private const int Shown = 5;

    public static Argument<string> Argument() =>
        new("id")
        {
            Description = "The invocation's id, or its first digits: Invocation.Id in the program, or as 'invocation list' shows it.",
        };

    public static string Short(Guid id) => id.ToString("n")[..ShortLength];

    /// <summary>The id that is meant: it may be given by its first digits.</summary>
    /// <exception cref="CliException">It is none, or several begin so.</exception>
    public static async Task<Guid> FindAsync(HostClient host, string text, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        if (text.Length < LeastLength || text.Length >= WholeLength || !text.All(char.IsAsciiHexDigit))
        {
            throw new CliException(
                $"'{text}' is not the id of an invocation: that is {WholeLength} hexadecimal digits, of which the first {LeastLength} "
                    + $"or more are enough. "
                    + "'fal-serverless invocation list' shows them."
            )
            {
                IsUsage = true,
            };
        }

        var meant = (await host.Detached.ListAsync(cancellationToken))
            .Select(call => call.Id.ToString("n"))
            .Where(known => known.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return meant.Length == 1
            ? Guid.ParseExact(meant[0], "n")
            : throw new CliException(
                meant.Length == 0
                    ? $"This host keeps no invocation '{text}' of this key. 'fal-serverless invocation list' shows them."
                    : $"'{text}' begins the ids of {meant.Length} invocations: "
                        + $"{string.Join(", ", meant.Take(Shown))}{(meant.Length > Shown ? ", …" : "")}. Give more of its digits."
            );
    }
}
