using System.CommandLine;
using System.CommandLine.Invocation;
using System.Data.Common;
using System.Text.RegularExpressions;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Commands;

/// <summary>Runs what the command line says.</summary>
internal static partial class CommandLine
{
    private const int Failure = 1;
    private const int BadUsage = 2;

    /// <returns>0 for success, 1 for a failure, 2 for a command line or settings that are wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var parsed = CliCommands.Root().Parse(arguments);

        // Each command deals with signals and errors itself.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is ParseErrorAction || UsageErrors.HasMistakenOption(parsed))
        {
            Console.Error.Write(Keys().Replace(UsageErrors.Describe(parsed), "${id}:…"));
            return BadUsage;
        }

        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (Exception e)
            when (e
                    is CliException
                        or IOException
                        or UnauthorizedAccessException
                        or DbException
                        or FalServerlessException
                        or TimeoutException
                        or OperationCanceledException
            )
        {
            Console.Error.WriteLine($"fal-serverless: {e.Message}");
            return e is CliException { IsUsage: true } ? BadUsage : Failure;
        }
    }

    // Errors repeat the words that are none; a key that was given as one is not to be seen again.
    [GeneratedRegex(@"(?<id>\bk_\w+):[\w-]+")]
    private static partial Regex Keys();
}
