using System.CommandLine;

namespace FalServerless.Runtime.Cli;

/// <summary>The id of a detached call on the command line.</summary>
internal static class InvocationIds
{
    public static Argument<string> Argument() => new("id") { Description = "The invocation's id: Invocation.Id in the program, or as 'invocation list' shows it." };

    /// <exception cref="CliException">It is none.</exception>
    public static Guid Read(string text) => Guid.TryParse(text, out var id) ? id : throw new CliException($"'{text}' is no id of an invocation: that is 32 hexadecimal digits. fal-serverless invocation list shows them.") { IsUsage = true };
}
